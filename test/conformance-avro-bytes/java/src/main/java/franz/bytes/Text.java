package franz.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/**
 * A value as JSON that loses nothing and has one form: longs in quotes, floats and doubles as the hex of their bits,
 * bytes as hex, unions as index and value, records as a list, maps as a list of pairs sorted by key.
 */
final class Text {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final HexFormat HEX = HexFormat.of();
    private final GenericData data;

    Text(final GenericData data) {
        this.data = data;
    }

    JsonNode of(final Schema schema, final Object value) {
        final JsonNode converted = schema.getLogicalType() == null ? null : converted(value);
        if (converted != null) return converted;
        return switch (schema.getType()) {
            case NULL -> JSON.nullNode();
            case BOOLEAN -> JSON.booleanNode((Boolean) value);
            case INT -> JSON.numberNode((Integer) value);
            case LONG -> JSON.textNode(value.toString());
            case FLOAT -> JSON.textNode(HEX.toHexDigits(Float.floatToRawIntBits((Float) value)));
            case DOUBLE -> JSON.textNode(HEX.toHexDigits(Double.doubleToRawLongBits((Double) value)));
            case STRING, ENUM -> JSON.textNode(value.toString());
            case BYTES -> JSON.textNode(hex((ByteBuffer) value));
            case FIXED -> JSON.textNode(HEX.formatHex(((GenericFixed) value).bytes()));
            case ARRAY -> list(schema.getElementType(), (Iterable<?>) value);
            case MAP -> pairs(schema.getValueType(), (Map<?, ?>) value);
            case UNION -> branch(schema, value);
            case RECORD -> fields(schema, (IndexedRecord) value);
        };
    }

    private static JsonNode converted(final Object value) {
        if (value instanceof BigDecimal decimal) return JSON.textNode(decimal.toPlainString());
        if (value instanceof UUID uuid) return JSON.textNode(uuid.toString());
        if (value instanceof LocalDate date) return JSON.numberNode((int) date.toEpochDay());
        return value instanceof Instant instant ? JSON.textNode(Long.toString(instant.toEpochMilli())) : null;
    }

    private static String hex(final ByteBuffer buffer) {
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HEX.formatHex(bytes);
    }

    private ArrayNode list(final Schema items, final Iterable<?> values) {
        final ArrayNode list = JSON.arrayNode();
        for (final Object value : values) list.add(of(items, value));
        return list;
    }

    private ArrayNode pairs(final Schema values, final Map<?, ?> map) {
        final Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(key.toString(), value));
        final ArrayNode pairs = JSON.arrayNode();
        sorted.forEach((key, value) -> pairs.add(JSON.arrayNode().add(key).add(of(values, value))));
        return pairs;
    }

    private ArrayNode branch(final Schema union, final Object value) {
        final int index = data.resolveUnion(union, value);
        return JSON.arrayNode().add(index).add(of(union.getTypes().get(index), value));
    }

    private ArrayNode fields(final Schema schema, final IndexedRecord record) {
        final ArrayNode fields = JSON.arrayNode();
        for (final Schema.Field field : schema.getFields()) fields.add(of(field.schema(), record.get(field.pos())));
        return fields;
    }
}
