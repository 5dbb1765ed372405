package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** How a node's state is kept: by the node's id, versioned when `historyMs` is given. */
final class StoresOf {
    private StoresOf() {}

    /** Derived tables (filter, map, join) are computed on the fly unless the case says `stored`. */
    static boolean isStored(final JsonNode node) {
        return node.path("stored").asBoolean();
    }

    static Materialized<String, String, KeyValueStore<Bytes, byte[]>> table(final String id, final JsonNode node) {
        return keyValue(id, node, Serdes.String());
    }

    static <V> Materialized<String, V, KeyValueStore<Bytes, byte[]>> keyValue(
            final String id, final JsonNode node, final Serde<V> values) {
        final Materialized<String, V, KeyValueStore<Bytes, byte[]>> stored = node.has("historyMs")
                ? Materialized.as(Stores.persistentVersionedKeyValueStore(
                        id, Duration.ofMillis(node.get("historyMs").asLong())))
                : Materialized.as(id);
        return stored.withKeySerde(Serdes.String()).withValueSerde(values);
    }

    static <V, S extends StateStore> Materialized<String, V, S> named(final String id, final Serde<V> values) {
        return Materialized.<String, V, S>as(id).withKeySerde(Serdes.String()).withValueSerde(values);
    }
}
