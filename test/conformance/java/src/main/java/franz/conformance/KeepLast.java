package franz.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The `process` node: keeps the last value of every key, and at each timer emits all it keeps.
 * A record with a null key passes through; a null value forgets the key and passes through.
 */
final class KeepLast implements Processor<String, String, String, String> {
    private final String storeName;
    private final long streamEveryMs;
    private final long wallEveryMs;
    private ProcessorContext<String, String> context;
    private KeyValueStore<String, String> store;

    KeepLast(final String storeName, final long streamEveryMs, final long wallEveryMs) {
        this.storeName = storeName;
        this.streamEveryMs = streamEveryMs;
        this.wallEveryMs = wallEveryMs;
    }

    @Override
    public void init(final ProcessorContext<String, String> given) {
        context = given;
        store = given.getStateStore(storeName);
        if (streamEveryMs > 0) {
            final Duration every = Duration.ofMillis(streamEveryMs);
            given.schedule(every, PunctuationType.STREAM_TIME, time -> emitAll("stream", time));
        }
        if (wallEveryMs > 0) {
            final Duration every = Duration.ofMillis(wallEveryMs);
            given.schedule(every, PunctuationType.WALL_CLOCK_TIME, time -> emitAll("wall", time));
        }
    }

    @Override
    public void process(final Record<String, String> record) {
        String before = null;
        if (record.key() != null) {
            before = store.get(record.key());
            if (record.value() == null) store.delete(record.key());
            else store.put(record.key(), record.value());
        }
        context.forward(record.withValue(before + ">" + record.value()));
    }

    private void emitAll(final String clock, final long time) {
        final List<KeyValue<String, String>> kept = new ArrayList<>();
        try (KeyValueIterator<String, String> entries = store.all()) {
            entries.forEachRemaining(kept::add);
        }
        for (final KeyValue<String, String> entry : kept) {
            context.forward(new Record<>(entry.key, clock + ":" + entry.value, time));
        }
    }
}
