package franz.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.KeyValueMapper;
import org.apache.kafka.streams.kstream.Merger;
import org.apache.kafka.streams.kstream.Predicate;
import org.apache.kafka.streams.kstream.Reducer;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.kstream.ValueMapper;

/** The named functions a case may use. README.md defines each; the TypeScript side has the same list. */
final class Functions {
    private Functions() {}

    static ValueMapper<String, String> mapper(final JsonNode spec) {
        final String text = spec.path("text").asText();
        final int length = spec.path("length").asInt();
        return switch (name(spec)) {
            case "append" -> value -> value == null ? null : value + text;
            case "upper" -> value -> value == null ? null : value.toUpperCase();
            case "firstLetter" -> Functions::firstLetter;
            case "ifNull" -> value -> value == null ? text : value;
            case "nullIfLonger" -> value -> value == null || value.length() > length ? null : value;
            default -> throw unknown("mapper", spec);
        };
    }

    static ValueMapper<String, List<String>> flatMapper(final JsonNode spec) {
        return switch (name(spec)) {
            case "split" -> Functions::words;
            case "twice" -> value -> {
                final List<String> both = new ArrayList<>();
                both.add(value);
                both.add(value);
                return both;
            };
            default -> throw unknown("flat mapper", spec);
        };
    }

    static Predicate<String, String> predicate(final JsonNode spec) {
        final String text = spec.path("text").asText();
        final int length = spec.path("length").asInt();
        return switch (name(spec)) {
            case "longerThan" -> (key, value) -> value != null && value.length() > length;
            case "contains" -> (key, value) -> value != null && value.contains(text);
            case "keyIs" -> (key, value) -> text.equals(key);
            case "isNull" -> (key, value) -> value == null;
            case "keyIsNull" -> (key, value) -> key == null;
            case "not" -> {
                final Predicate<String, String> negated = predicate(spec.get("of"));
                yield (key, value) -> !negated.test(key, value);
            }
            default -> throw unknown("predicate", spec);
        };
    }

    /** A new key from key and value: for rekey, for grouping, for look-ups by another key. */
    static KeyValueMapper<String, String, String> rekeyer(final JsonNode spec) {
        final String text = spec.path("text").asText();
        return switch (name(spec)) {
            case "firstLetter" -> (key, value) -> firstLetter(value);
            case "value" -> (key, value) -> value;
            case "keyAppend" -> (key, value) -> key == null ? null : key + text;
            case "constant" -> (key, value) -> text;
            default -> throw unknown("rekeyer", spec);
        };
    }

    static ValueJoiner<String, String, String> joiner(final JsonNode spec) {
        return switch (name(spec)) {
            case "plus" -> (left, right) -> left + "+" + right;
            case "left" -> (left, right) -> left;
            case "right" -> (left, right) -> right;
            default -> throw unknown("joiner", spec);
        };
    }

    static Reducer<String> reducer(final JsonNode spec) {
        return switch (name(spec)) {
            case "concat" -> (old, value) -> old + value;
            case "max" -> (old, value) -> old.compareTo(value) >= 0 ? old : value;
            case "latest" -> (old, value) -> value;
            case "without" -> Functions::without;
            default -> throw unknown("reducer", spec);
        };
    }

    static Initializer<String> initializer() {
        return () -> "";
    }

    static Aggregator<String, String, String> aggregator(final JsonNode spec) {
        final String text = spec.path("text").asText();
        return switch (name(spec)) {
            case "concat" -> (key, value, aggregate) -> aggregate + value;
            case "concatUpper" -> (key, value, aggregate) -> aggregate + value.toUpperCase();
            case "clearOn" -> (key, value, aggregate) -> value.equals(text) ? null : aggregate + value;
            case "addLength" -> (key, value, aggregate) -> Integer.toString(number(aggregate) + value.length());
            case "subtractLength" -> (key, value, aggregate) -> Integer.toString(number(aggregate) - value.length());
            case "listAdd" -> (key, value, aggregate) -> aggregate.isEmpty() ? value : aggregate + "," + value;
            case "listRemove" -> (key, value, aggregate) -> listRemove(aggregate, value);
            default -> throw unknown("aggregator", spec);
        };
    }

    /** Brings two sessions' aggregates together; it is implied by the aggregator. */
    static Merger<String, String> merger(final JsonNode aggregator) {
        return switch (name(aggregator)) {
            case "concat", "concatUpper", "clearOn" -> (key, one, two) -> one + two;
            case "addLength" -> (key, one, two) -> Integer.toString(number(one) + number(two));
            case "listAdd" -> (key, one, two) -> one.isEmpty() ? two : two.isEmpty() ? one : one + "," + two;
            default -> throw unknown("merger", aggregator);
        };
    }

    private static int number(final String aggregate) {
        return aggregate.isEmpty() ? 0 : Integer.parseInt(aggregate);
    }

    private static String firstLetter(final String value) {
        return value == null || value.isEmpty() ? null : value.substring(0, 1);
    }

    private static List<String> words(final String value) {
        final List<String> words = new ArrayList<>();
        if (value == null) return words;
        for (final String word : value.split(" ")) if (!word.isEmpty()) words.add(word);
        return words;
    }

    /** The text without the first occurrence of a part. */
    private static String without(final String text, final String part) {
        final int at = text.indexOf(part);
        return at < 0 ? text : text.substring(0, at) + text.substring(at + part.length());
    }

    private static String listRemove(final String list, final String value) {
        final List<String> items = new ArrayList<>(List.of(list.split(",", -1)));
        items.remove(value);
        return String.join(",", items);
    }

    private static String name(final JsonNode spec) {
        return spec.path("fn").asText();
    }

    private static IllegalArgumentException unknown(final String what, final JsonNode spec) {
        return new IllegalArgumentException("no such " + what + ": " + spec);
    }
}
