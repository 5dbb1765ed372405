package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.CogroupedKStream;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KGroupedTable;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.KeyValueMapper;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.SessionWindowedKStream;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.TimeWindowedCogroupedKStream;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;

/** count, reduce, aggregate and cogroup: of a stream or of a table, of all time or by window. */
final class Aggregations {
    private final Handles handles;
    private final Quirks quirks;

    Aggregations(final Handles handles, final Quirks quirks) {
        this.handles = handles;
        this.quirks = quirks;
    }

    Object add(final String id, final JsonNode node) {
        if (node.get("op").asText().equals("cogroup")) return cogroup(id, node);
        if (!handles.isStream(node, 0)) return ofTable(id, node);
        final KGroupedStream<String, String> grouped = group(id, node, 0);
        if (!node.has("window")) return ofAllTime(id, node, grouped);
        final JsonNode window = node.get("window");
        return new Handles.WindowedTable(
                switch (window.get("type").asText()) {
                    case "tumbling", "hopping" -> byTime(id, node, grouped.windowedBy(timeWindows(window)));
                    case "sliding" -> byTime(id, node, grouped.windowedBy(slidingWindows(window)));
                    case "session" -> bySession(id, node, grouped.windowedBy(sessionWindows(window)));
                    default -> throw new IllegalArgumentException("no such window: " + window);
                });
    }

    private KGroupedStream<String, String> group(final String id, final JsonNode node, final int index) {
        final Grouped<String, String> named = Grouped.with(id + "-" + index, Serdes.String(), Serdes.String());
        final KStream<String, String> stream = node.has("window")
                ? quirks.watchWindows(id, node.get("window"), handles.stream(node, index))
                : handles.stream(node, index);
        return node.has("by") ? stream.groupBy(Functions.rekeyer(node.get("by")), named) : stream.groupByKey(named);
    }

    private static KTable<String, String> ofAllTime(
            final String id, final JsonNode node, final KGroupedStream<String, String> grouped) {
        return switch (node.get("op").asText()) {
            case "count" -> text(grouped.count(StoresOf.keyValue(id, node, Serdes.Long())));
            case "reduce" -> grouped.reduce(Functions.reducer(node.get("reducer")), StoresOf.table(id, node));
            default -> grouped.aggregate(
                    Functions.initializer(), Functions.aggregator(node.get("aggregator")), StoresOf.table(id, node));
        };
    }

    private static KTable<Windowed<String>, String> byTime(
            final String id, final JsonNode node, final TimeWindowedKStream<String, String> windowed) {
        return switch (node.get("op").asText()) {
            case "count" -> text(windowed.count(StoresOf.named(id, Serdes.Long())));
            case "reduce" -> windowed.reduce(
                    Functions.reducer(node.get("reducer")), StoresOf.named(id, Serdes.String()));
            default -> windowed.aggregate(
                    Functions.initializer(),
                    Functions.aggregator(node.get("aggregator")),
                    StoresOf.named(id, Serdes.String()));
        };
    }

    private static KTable<Windowed<String>, String> bySession(
            final String id, final JsonNode node, final SessionWindowedKStream<String, String> windowed) {
        return switch (node.get("op").asText()) {
            case "count" -> text(windowed.count(StoresOf.named(id, Serdes.Long())));
            case "reduce" -> windowed.reduce(
                    Functions.reducer(node.get("reducer")), StoresOf.named(id, Serdes.String()));
            default -> windowed.aggregate(
                    Functions.initializer(),
                    Functions.aggregator(node.get("aggregator")),
                    Functions.merger(node.get("aggregator")),
                    StoresOf.named(id, Serdes.String()));
        };
    }

    private KTable<String, String> ofTable(final String id, final JsonNode node) {
        final KeyValueMapper<String, String, String> by = Functions.rekeyer(node.get("by"));
        final KGroupedTable<String, String> grouped = handles.table(node, 0)
                .groupBy(
                        (key, value) -> KeyValue.pair(by.apply(key, value), value),
                        Grouped.with(id, Serdes.String(), Serdes.String()));
        return switch (node.get("op").asText()) {
            case "count" -> text(grouped.count(StoresOf.keyValue(id, node, Serdes.Long())));
            case "reduce" -> grouped.reduce(
                    Functions.reducer(node.get("adder")),
                    Functions.reducer(node.get("subtractor")),
                    StoresOf.table(id, node));
            default -> grouped.aggregate(
                    Functions.initializer(),
                    Functions.aggregator(node.get("adder")),
                    Functions.aggregator(node.get("subtractor")),
                    StoresOf.table(id, node));
        };
    }

    private Object cogroup(final String id, final JsonNode node) {
        CogroupedKStream<String, String> cogrouped =
                group(id, node, 0).cogroup(Functions.aggregator(node.get("aggregators").get(0)));
        for (int index = 1; index < node.get("from").size(); index += 1) {
            cogrouped = cogrouped.cogroup(
                    group(id, node, index), Functions.aggregator(node.get("aggregators").get(index)));
        }
        if (!node.has("window")) {
            return cogrouped.aggregate(Functions.initializer(), Named.as(id), StoresOf.table(id, node));
        }
        final JsonNode window = node.get("window");
        return new Handles.WindowedTable(
                switch (window.get("type").asText()) {
                    case "tumbling", "hopping" -> cogroupByTime(id, cogrouped.windowedBy(timeWindows(window)));
                    case "sliding" -> cogroupByTime(id, cogrouped.windowedBy(slidingWindows(window)));
                    default -> cogrouped.windowedBy(sessionWindows(window))
                            .aggregate(
                                    Functions.initializer(),
                                    Functions.merger(node.get("aggregators").get(0)),
                                    StoresOf.named(id, Serdes.String()));
                });
    }

    private static KTable<Windowed<String>, String> cogroupByTime(
            final String id, final TimeWindowedCogroupedKStream<String, String> windowed) {
        return windowed.aggregate(Functions.initializer(), StoresOf.named(id, Serdes.String()));
    }

    private static TimeWindows timeWindows(final JsonNode window) {
        final TimeWindows tumbling =
                TimeWindows.ofSizeAndGrace(milliseconds(window, "sizeMs"), milliseconds(window, "graceMs"));
        return window.has("advanceMs") ? tumbling.advanceBy(milliseconds(window, "advanceMs")) : tumbling;
    }

    private static SlidingWindows slidingWindows(final JsonNode window) {
        return SlidingWindows.ofTimeDifferenceAndGrace(
                milliseconds(window, "differenceMs"), milliseconds(window, "graceMs"));
    }

    private static SessionWindows sessionWindows(final JsonNode window) {
        return SessionWindows.ofInactivityGapAndGrace(milliseconds(window, "gapMs"), milliseconds(window, "graceMs"));
    }

    private static Duration milliseconds(final JsonNode window, final String field) {
        return Duration.ofMillis(window.get(field).asLong());
    }

    private static <K> KTable<K, String> text(final KTable<K, Long> counts) {
        return counts.mapValues(count -> Long.toString(count));
    }
}
