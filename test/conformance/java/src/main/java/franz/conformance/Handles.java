package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.kstream.GlobalKTable;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Windowed;

/** What the nodes so far have produced, by id. Keys and values are text everywhere, but for the keys of windows. */
final class Handles {
    /** A table by window, told apart from a plain one because Java forgets the key's type. */
    record WindowedTable(KTable<Windowed<String>, String> table) {}

    private final Map<String, Object> byId = new HashMap<>();

    void put(final String id, final Object handle) {
        final Object before = byId.put(id, handle);
        if (before != null) throw new IllegalArgumentException("two nodes are called " + id);
    }

    boolean isStream(final JsonNode node, final int index) {
        return from(node, index) instanceof KStream;
    }

    boolean isWindowed(final JsonNode node, final int index) {
        return from(node, index) instanceof WindowedTable;
    }

    @SuppressWarnings("unchecked")
    KStream<String, String> stream(final JsonNode node, final int index) {
        return (KStream<String, String>) from(node, index);
    }

    @SuppressWarnings("unchecked")
    KTable<String, String> table(final JsonNode node, final int index) {
        return (KTable<String, String>) from(node, index);
    }

    KTable<Windowed<String>, String> windowed(final JsonNode node, final int index) {
        return ((WindowedTable) from(node, index)).table();
    }

    @SuppressWarnings("unchecked")
    GlobalKTable<String, String> global(final JsonNode node, final int index) {
        return (GlobalKTable<String, String>) from(node, index);
    }

    boolean isGlobal(final JsonNode node, final int index) {
        return from(node, index) instanceof GlobalKTable;
    }

    private Object from(final JsonNode node, final int index) {
        final String id = node.get("from").get(index).asText();
        final Object handle = byId.get(id);
        if (handle == null) throw new IllegalArgumentException("no node is called " + id + " before " + node);
        return handle;
    }
}
