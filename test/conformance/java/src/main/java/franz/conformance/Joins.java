package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.KeyValueMapper;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.state.KeyValueStore;

/** join (same key), lookup (another key) and joinWithin (two streams within a time). */
final class Joins {
    private final Handles handles;
    private final Quirks quirks;

    Joins(final Handles handles, final Quirks quirks) {
        this.handles = handles;
        this.quirks = quirks;
    }

    Object sameKey(final String id, final JsonNode node) {
        return handles.isStream(node, 0) ? streamTable(id, node) : tableTable(id, node);
    }

    Object otherKey(final String id, final JsonNode node) {
        return handles.isGlobal(node, 1) ? streamGlobal(node) : foreignKey(id, node);
    }

    private KStream<String, String> streamTable(final String id, final JsonNode node) {
        final KStream<String, String> left = handles.stream(node, 0);
        final KTable<String, String> right = handles.table(node, 1);
        final ValueJoiner<String, String, String> joiner = joiner(node);
        Joined<String, String, String> named = Joined.<String, String, String>as(id)
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.String())
                .withOtherValueSerde(Serdes.String());
        if (node.has("graceMs")) named = named.withGracePeriod(Duration.ofMillis(node.get("graceMs").asLong()));
        return switch (kind(node)) {
            case "inner" -> left.join(right, joiner, named);
            case "left" -> left.leftJoin(right, joiner, named);
            default -> throw unknown(node);
        };
    }

    private KTable<String, String> tableTable(final String id, final JsonNode node) {
        final KTable<String, String> left = handles.table(node, 0);
        final KTable<String, String> right = handles.table(node, 1);
        final ValueJoiner<String, String, String> joiner = joiner(node);
        if (!StoresOf.isStored(node)) {
            return switch (kind(node)) {
                case "inner" -> left.join(right, joiner);
                case "left" -> left.leftJoin(right, joiner);
                case "outer" -> left.outerJoin(right, joiner);
                default -> throw unknown(node);
            };
        }
        final Materialized<String, String, KeyValueStore<Bytes, byte[]>> stored = StoresOf.table(id, node);
        return switch (kind(node)) {
            case "inner" -> left.join(right, joiner, stored);
            case "left" -> left.leftJoin(right, joiner, stored);
            case "outer" -> left.outerJoin(right, joiner, stored);
            default -> throw unknown(node);
        };
    }

    private KStream<String, String> streamGlobal(final JsonNode node) {
        final KStream<String, String> left = handles.stream(node, 0);
        final KeyValueMapper<String, String, String> key = Functions.rekeyer(node.get("key"));
        return switch (kind(node)) {
            case "inner" -> left.join(handles.global(node, 1), key, joiner(node));
            case "left" -> left.leftJoin(handles.global(node, 1), key, joiner(node));
            default -> throw unknown(node);
        };
    }

    private KTable<String, String> foreignKey(final String id, final JsonNode node) {
        final KTable<String, String> left = handles.table(node, 0);
        final KTable<String, String> right = handles.table(node, 1);
        final KeyValueMapper<String, String, String> key = Functions.rekeyer(node.get("key"));
        quirks.watchAnswers(right);
        final TableJoined<String, String> named = TableJoined.as(id);
        final Materialized<String, String, KeyValueStore<Bytes, byte[]>> stored =
                StoresOf.named(id + "-result", Serdes.String());
        return switch (kind(node)) {
            case "inner" -> left.join(right, key::apply, joiner(node), named, stored);
            case "left" -> left.leftJoin(right, key::apply, joiner(node), named, stored);
            default -> throw unknown(node);
        };
    }

    Object within(final String id, final JsonNode node) {
        final long beforeMs = node.get("beforeMs").asLong();
        final long afterMs = node.get("afterMs").asLong();
        final long graceMs = node.get("graceMs").asLong();
        final String outerStore = id + (kind(node).equals("left") ? "-left" : "-outer") + "-shared-join-store";
        final Quirks.JoinWatch watch = quirks.watchJoin(outerStore, kind(node), beforeMs, afterMs, graceMs);
        final KStream<String, String> left = watch.left(handles.stream(node, 0));
        final KStream<String, String> right = watch.right(handles.stream(node, 1));
        final JoinWindows windows = JoinWindows.ofTimeDifferenceAndGrace(
                        Duration.ofMillis(Math.max(beforeMs, afterMs)), Duration.ofMillis(graceMs))
                .before(Duration.ofMillis(beforeMs))
                .after(Duration.ofMillis(afterMs));
        final StreamJoined<String, String, String> named =
                StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String()).withName(id).withStoreName(id);
        return switch (kind(node)) {
            case "inner" -> left.join(right, joiner(node), windows, named);
            case "left" -> left.leftJoin(right, joiner(node), windows, named);
            case "outer" -> left.outerJoin(right, joiner(node), windows, named);
            default -> throw unknown(node);
        };
    }

    private static ValueJoiner<String, String, String> joiner(final JsonNode node) {
        return Functions.joiner(node.get("joiner"));
    }

    private static String kind(final JsonNode node) {
        return node.get("kind").asText();
    }

    private static IllegalArgumentException unknown(final JsonNode node) {
        return new IllegalArgumentException("no such kind of join: " + node);
    }
}
