import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** The programs of the benchmark on the real Kafka Streams: map, count, windows, join. Ends when its input does. */
public final class Peer {
  public static void main(String[] args) throws Exception {
    Map<String, String> given = parse(args);
    boolean caching = Boolean.parseBoolean(given.getOrDefault("caching", "false"));
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, given.get("group"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, given.get("brokers"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, given.get("folder"));
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, given.getOrDefault("threads", "1"));
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // It does not leave its group when it stops: the next start waits for so long.
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    if (!caching) settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);

    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, String> input = builder.stream(given.get("input"), Consumed.with(Serdes.String(), Serdes.String()));
    build(given, caching, builder, input);
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.RUNNING) System.out.println("running");
    });
    streams.setGlobalStateRestoreListener(new Restored());
    streams.start();
    while (System.in.read() >= 0) { }
    streams.close(Duration.ofSeconds(20));
  }

  private static void build(Map<String, String> given, boolean caching, StreamsBuilder builder, KStream<String, String> input) {
    String output = given.get("output");
    switch (given.get("topology")) {
      case "map" -> input.mapValues(value -> value + "!").to(output, Produced.with(Serdes.String(), Serdes.String()));
      case "count" -> {
        Materialized<String, Long, KeyValueStore<Bytes, byte[]>> store = Materialized.as("counts");
        input.groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
            .count(caching ? store.withCachingEnabled() : store.withCachingDisabled())
            .toStream()
            .to(output, Produced.with(Serdes.String(), Serdes.Long()));
      }
      case "windowed" -> {
        Materialized<String, Long, WindowStore<Bytes, byte[]>> store = Materialized.as("counts");
        input.groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
            .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofSeconds(10), Duration.ofMinutes(1)))
            .count(caching ? store.withCachingEnabled() : store.withCachingDisabled())
            .toStream()
            .to(output, Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 10_000), Serdes.Long()));
      }
      case "join" -> {
        var table = builder.table(given.get("table"), Consumed.with(Serdes.String(), Serdes.String()),
            Materialized.<String, String, KeyValueStore<Bytes, byte[]>>as("table").withCachingDisabled());
        input.join(table, (left, right) -> left + "|" + right, Joined.with(Serdes.String(), Serdes.String(), Serdes.String()))
            .to(output, Produced.with(Serdes.String(), Serdes.String()));
      }
      default -> throw new IllegalArgumentException("there is no topology " + given.get("topology"));
    }
  }

  private static Map<String, String> parse(String[] args) {
    Map<String, String> given = new java.util.HashMap<>();
    for (String arg : args) given.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    return given;
  }

  /** Says of each partition how many records were restored, and between which times. */
  private static final class Restored implements StateRestoreListener {
    private final Map<TopicPartition, Long> began = new ConcurrentHashMap<>();

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
      began.put(partition, System.currentTimeMillis());
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long count) { }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long count) {
      System.out.println("restored " + count + " " + began.get(partition) + " " + System.currentTimeMillis());
    }
  }
}
