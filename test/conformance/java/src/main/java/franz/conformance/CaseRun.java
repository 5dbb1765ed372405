package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;

/** One case: its topology built, its steps piped in, its output gathered step by step. */
final class CaseRun {
    private CaseRun() {}

    /**
     * Adds to the case what was emitted (`out`), which quirks of Kafka Streams it met (`quirks`) and, if a step crashed
     * it, by what (`fails`); then `out` ends at that step.
     */
    static void complete(final ObjectNode spec) throws IOException {
        final Path stateDirectory = Files.createTempDirectory("conformance-");
        final List<Emitted> log = new ArrayList<>();
        final TopologyFromSpec built = new TopologyFromSpec(spec.get("topology"), log);
        try (TopologyTestDriver driver =
                new TopologyTestDriver(built.topology(), settings(stateDirectory), Instant.ofEpochMilli(0))) {
            final ArrayNode out = spec.putArray("out");
            try {
                run(spec.get("steps"), driver, built, log, out);
            } catch (final StreamsException crash) {
                spec.put("fails", String.valueOf(crash.getCause()));
            }
            final ArrayNode quirks = spec.putArray("quirks");
            for (final String quirk : built.quirks().met()) quirks.add(quirk);
        } finally {
            delete(stateDirectory);
        }
    }

    private static void run(
            final JsonNode steps,
            final TopologyTestDriver driver,
            final TopologyFromSpec built,
            final List<Emitted> log,
            final ArrayNode out) {
        final Map<String, TestInputTopic<String, String>> inputs = new LinkedHashMap<>();
        final Map<String, TestOutputTopic<String, String>> outputs = new LinkedHashMap<>();
        for (final String topic : built.sinkTopics()) {
            outputs.put(topic, driver.createOutputTopic(topic, new StringDeserializer(), new StringDeserializer()));
        }
        for (final JsonNode step : steps) {
            log.clear();
            if (step.has("advance")) {
                driver.advanceWallClockTime(Duration.ofMillis(step.get("advance").asLong()));
            } else {
                inputs.computeIfAbsent(
                                step.get("in").asText(),
                                topic -> driver.createInputTopic(topic, new StringSerializer(), new StringSerializer()))
                        .pipeInput(text(step.get("key")), text(step.get("value")), step.get("ts").asLong());
            }
            requireSameAsTopics(outputs, log);
            built.quirks().afterStep(driver);
            final ArrayNode emitted = out.addArray();
            for (final Emitted record : log) emitted.add(record.asJson());
        }
    }

    /** The log keeps the order across topics, which the driver forgets; the topics must hold the same records. */
    private static void requireSameAsTopics(
            final Map<String, TestOutputTopic<String, String>> outputs, final List<Emitted> log) {
        for (final Map.Entry<String, TestOutputTopic<String, String>> output : outputs.entrySet()) {
            final List<Emitted> written = new ArrayList<>();
            for (final TestRecord<String, String> record : output.getValue().readRecordsToList()) {
                written.add(new Emitted(output.getKey(), record.key(), record.value(), record.timestamp()));
            }
            final List<Emitted> logged =
                    log.stream().filter(record -> record.topic().equals(output.getKey())).toList();
            if (!written.equals(logged)) throw new IllegalStateException("wrote " + written + " but logged " + logged);
        }
    }

    /** Caching off, so that every update is emitted; the outer join's throttle by processing time off as well. */
    private static Properties settings(final Path stateDirectory) {
        final Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "conformance");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.NO_OPTIMIZATION);
        settings.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_OUTER_JOIN_SPURIOUS_RESULTS_FIX, 0L);
        if (Boolean.getBoolean("conformance.inMemory")) {
            settings.put(
                    StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
                    "org.apache.kafka.streams.state.BuiltInDslStoreSuppliers$InMemoryDslStoreSuppliers");
        }
        return settings;
    }

    private static String text(final JsonNode value) {
        return value == null || value.isNull() ? null : value.asText();
    }

    private static void delete(final Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
