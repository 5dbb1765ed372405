package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.internals.TimestampedKeyAndJoinSide;

/**
 * Notices when a case runs into behaviour of Kafka Streams that is a bug or an accident of its stores (README.md,
 * deviations). Such a case is no standard to be measured by, so the random ones that meet a quirk are thrown away.
 */
final class Quirks {
    private final Set<String> met = new TreeSet<>();
    private final List<JoinWatch> joins = new ArrayList<>();
    private final Map<String, WindowWatch> windows = new HashMap<>();

    Set<String> met() {
        return met;
    }

    void afterStep(final TopologyTestDriver driver) {
        for (final JoinWatch join : joins) join.afterStep(driver);
    }

    JoinWatch watchJoin(
            final String outerStore, final String kind, final long beforeMs, final long afterMs, final long graceMs) {
        final JoinWatch watch = new JoinWatch(outerStore, kind, beforeMs, afterMs, graceMs);
        joins.add(watch);
        return watch;
    }

    /** The stream as it is, on its way into windows whose results may be suppressed. */
    KStream<String, String> watchWindows(final String id, final JsonNode window, final KStream<String, String> stream) {
        final WindowWatch watch = windows.computeIfAbsent(id, unseen -> new WindowWatch(window));
        final AtomicLong inputTime = new AtomicLong(-1);
        return tapped(stream, record -> watch.see(record, inputTime));
    }

    void suppressed(final String windowsId) {
        windows.get(windowsId).suppressed = true;
    }

    /** An answer to a foreign key whose value has no bytes is read as one without a value. */
    void watchAnswers(final KTable<String, String> right) {
        tapped(right.toStream(), record -> {
            if ("".equals(record.value())) met.add("an empty value behind a foreign key");
        });
    }

    private interface Tap {
        void see(FixedKeyRecord<String, String> record);
    }

    private static KStream<String, String> tapped(final KStream<String, String> stream, final Tap tap) {
        return stream.processValues(() -> new ContextualFixedKeyProcessor<String, String, String>() {
            @Override
            public void process(final FixedKeyRecord<String, String> record) {
                tap.see(record);
                context().forward(record);
            }
        });
    }

    /**
     * Follows the records of one windowed aggregate. Null values in tumbling, hopping and session windows are
     * aggregated against their documentation. A window whose end is inclusive is, at the one moment when stream time
     * equals its end plus grace, open to the aggregate, closed to suppress, and a session is gone from its store. The
     * inputs of a cogroup each have a stream time of their own: one input fills windows that the other has closed.
     */
    private final class WindowWatch {
        private final boolean session;
        private final boolean sliding;
        private final long graceMs;
        private final long differenceMs;
        private final Set<Long> ends = new TreeSet<>();
        private boolean suppressed;
        private long streamTime = -1;

        private WindowWatch(final JsonNode window) {
            session = window.get("type").asText().equals("session");
            sliding = window.get("type").asText().equals("sliding");
            differenceMs = window.path("differenceMs").asLong();
            graceMs = window.get("graceMs").asLong() + window.path("gapMs").asLong();
            if (sliding) ends.add(differenceMs);
        }

        private void see(final FixedKeyRecord<String, String> record, final AtomicLong inputTime) {
            if (record.value() == null && !sliding) met.add("null value in a window");
            if (record.key() == null || record.value() == null) return;
            streamTime = Math.max(streamTime, record.timestamp());
            inputTime.accumulateAndGet(record.timestamp(), Math::max);
            if (inputTime.get() < streamTime && record.timestamp() < streamTime - graceMs) {
                met.add("late for another input");
            }
            ends.add(record.timestamp());
            if (sliding) ends.add(record.timestamp() + 1 + differenceMs);
            if ((session || sliding && suppressed) && ends.contains(streamTime - graceMs)) {
                met.add("a window at the moment of closing");
            }
        }
    }

    /** Follows the stream time of one stream-stream join from outside. */
    final class JoinWatch {
        private final String outerStore;
        private final String kind;
        private final long beforeMs;
        private final long afterMs;
        private final long graceMs;
        private long streamTime = -1;

        private JoinWatch(
                final String outerStore,
                final String kind,
                final long beforeMs,
                final long afterMs,
                final long graceMs) {
            this.outerStore = outerStore;
            this.kind = kind;
            this.beforeMs = beforeMs;
            this.afterMs = afterMs;
            this.graceMs = graceMs;
        }

        KStream<String, String> left(final KStream<String, String> stream) {
            return tapped(stream, record -> see(record.timestamp(), afterMs, !kind.equals("inner")));
        }

        KStream<String, String> right(final KStream<String, String> stream) {
            return tapped(stream, record -> see(record.timestamp(), beforeMs, kind.equals("outer")));
        }

        private void see(final long timestamp, final long reachMs, final boolean outerSide) {
            if (timestamp < streamTime) {
                if (timestamp + reachMs + graceMs <= streamTime) met.add("late record in a join");
                else if (outerSide && timestamp + reachMs < streamTime) met.add("early null");
            }
            streamTime = Math.max(streamTime, timestamp);
        }

        private void afterStep(final TopologyTestDriver driver) {
            if (kind.equals("inner")) return;
            try (KeyValueIterator<TimestampedKeyAndJoinSide<String>, Object> kept =
                    driver.<TimestampedKeyAndJoinSide<String>, Object>getKeyValueStore(outerStore).all()) {
                while (kept.hasNext()) {
                    final KeyValue<TimestampedKeyAndJoinSide<String>, Object> entry = kept.next();
                    final long reachMs = entry.key.isLeftSide() ? afterMs : beforeMs;
                    if (entry.key.timestamp() + reachMs + graceMs < streamTime) met.add("expiry held back");
                }
            }
        }
    }
}
