package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.BranchedKStream;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Predicate;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.ValueMapper;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;

/** Turns the nodes of a case into calls on the real StreamsBuilder, in the order they are written. */
final class TopologyFromSpec {
    private final StreamsBuilder builder = new StreamsBuilder();
    private final Handles handles = new Handles();
    private final Quirks quirks = new Quirks();
    private final Aggregations aggregations = new Aggregations(handles, quirks);
    private final Joins joins = new Joins(handles, quirks);
    private final Set<String> sinkTopics = new TreeSet<>();
    private final List<Emitted> log;
    private final Topology topology;

    TopologyFromSpec(final JsonNode nodes, final List<Emitted> log) {
        this.log = log;
        for (final JsonNode node : nodes) add(node);
        topology = builder.build();
    }

    Topology topology() {
        return topology;
    }

    Quirks quirks() {
        return quirks;
    }

    Set<String> sinkTopics() {
        return sinkTopics;
    }

    private void add(final JsonNode node) {
        final String id = node.get("id").asText();
        switch (node.get("op").asText()) {
            case "branch" -> branch(node);
            case "to" -> to(node);
            default -> handles.put(id, handleOf(id, node));
        }
    }

    private Object handleOf(final String id, final JsonNode node) {
        return switch (node.get("op").asText()) {
            case "stream" -> builder.stream(topicOf(node), Consumed.with(Serdes.String(), Serdes.String()));
            case "table" -> builder.table(
                    topicOf(node), Consumed.with(Serdes.String(), Serdes.String()), StoresOf.table(id, node));
            case "globalTable" -> builder.globalTable(topicOf(node), Consumed.with(Serdes.String(), Serdes.String()));
            case "map" -> map(id, node);
            case "filter" -> filter(id, node);
            case "flatMap" -> handles.stream(node, 0).flatMapValues(Functions.flatMapper(node.get("values")));
            case "merge" -> merge(node);
            case "peek" -> handles.stream(node, 0).peek((key, value) -> {});
            case "rekey" -> handles.stream(node, 0).selectKey(Functions.rekeyer(node.get("key")));
            case "repartition" -> handles.stream(node, 0)
                    .repartition(Repartitioned.<String, String>as(id).withNumberOfPartitions(1));
            case "toTable" -> handles.stream(node, 0).toTable(Named.as(id), StoresOf.table(id, node));
            case "changes" -> changes(node);
            case "suppress" -> suppress(id, node);
            case "process" -> process(id, node);
            case "count", "reduce", "aggregate", "cogroup" -> aggregations.add(id, node);
            case "join" -> joins.sameKey(id, node);
            case "lookup" -> joins.otherKey(id, node);
            case "joinWithin" -> joins.within(id, node);
            default -> throw new IllegalArgumentException("no such operator: " + node);
        };
    }

    private static String topicOf(final JsonNode node) {
        return node.get("topic").asText();
    }

    private Object map(final String id, final JsonNode node) {
        final ValueMapper<String, String> mapper = Functions.mapper(node.get("value"));
        if (handles.isStream(node, 0)) return handles.stream(node, 0).mapValues(mapper);
        final KTable<String, String> table = handles.table(node, 0);
        return StoresOf.isStored(node) ? table.mapValues(mapper, StoresOf.table(id, node)) : table.mapValues(mapper);
    }

    private Object filter(final String id, final JsonNode node) {
        final Predicate<String, String> keep = Functions.predicate(node.get("keep"));
        if (handles.isStream(node, 0)) return handles.stream(node, 0).filter(keep);
        final KTable<String, String> table = handles.table(node, 0);
        return StoresOf.isStored(node) ? table.filter(keep, StoresOf.table(id, node)) : table.filter(keep);
    }

    private KStream<String, String> merge(final JsonNode node) {
        KStream<String, String> merged = handles.stream(node, 0);
        for (int index = 1; index < node.get("from").size(); index += 1) {
            merged = merged.merge(handles.stream(node, index));
        }
        return merged;
    }

    private void branch(final JsonNode node) {
        BranchedKStream<String, String> branched = handles.stream(node, 0).split();
        for (final JsonNode arm : node.get("arms")) {
            final Branched<String, String> named =
                    Branched.withConsumer(stream -> handles.put(arm.get("id").asText(), stream));
            if (arm.has("when")) branched = branched.branch(Functions.predicate(arm.get("when")), named);
            else branched.defaultBranch(named);
        }
    }

    private Handles.WindowedTable suppress(final String id, final JsonNode node) {
        quirks.suppressed(node.get("from").get(0).asText());
        return new Handles.WindowedTable(handles.windowed(node, 0)
                .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()).withName(id)));
    }

    /** A windowed key is flattened to `key@start-end`, so that all that follows is text again. */
    private KStream<String, String> changes(final JsonNode node) {
        if (!handles.isWindowed(node, 0)) return handles.table(node, 0).toStream();
        return handles.windowed(node, 0).toStream((windowed, value) -> flat(windowed));
    }

    private static String flat(final Windowed<String> windowed) {
        return windowed.key() + "@" + windowed.window().start() + "-" + windowed.window().end();
    }

    private KStream<String, String> process(final String id, final JsonNode node) {
        builder.addStateStore(Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(id), Serdes.String(), Serdes.String()));
        final long streamEveryMs = node.path("streamEveryMs").asLong();
        final long wallEveryMs = node.path("wallEveryMs").asLong();
        return handles.stream(node, 0).process(() -> new KeepLast(id, streamEveryMs, wallEveryMs), id);
    }

    private void to(final JsonNode node) {
        final String topic = topicOf(node);
        sinkTopics.add(topic);
        handles.stream(node, 0)
                .process(() -> logging(topic))
                .to(topic, Produced.with(Serdes.String(), Serdes.String()));
    }

    private Processor<String, String, String, String> logging(final String topic) {
        return new ContextualProcessor<>() {
            @Override
            public void process(final Record<String, String> record) {
                log.add(new Emitted(topic, record.key(), record.value(), record.timestamp()));
                context().forward(record);
            }
        };
    }
}
