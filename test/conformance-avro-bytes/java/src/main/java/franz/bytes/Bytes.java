package franz.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * One line in: {@code {"schema", "ours": [hex, ...]}}, records written by us. One line out: {@code {"texts", "theirs"}},
 * what each record says to Apache Avro, and the same record as Apache Avro writes it: plainly, and every other one in
 * blocks that carry their size.
 */
public final class Bytes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HexFormat HEX = HexFormat.of();
    /** So small that most arrays and maps are written in several blocks. */
    private static final int BLOCK_BYTES = 64;

    private Bytes() {}

    public static void main(final String[] arguments) throws IOException {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final PrintStream printed = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            printed.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
        }
        printed.flush();
    }

    private static ObjectNode answer(final JsonNode asked) throws IOException {
        final Schema schema = new Schema.Parser().parse(JSON.writeValueAsString(asked.get("schema")));
        final GenericData data = conversions();
        final ObjectNode answer = JSON.createObjectNode();
        final ArrayNode texts = answer.putArray("texts");
        final ArrayNode theirs = answer.putArray("theirs");
        for (final JsonNode ours : asked.get("ours")) {
            final Object value = read(schema, data, HEX.parseHex(ours.textValue()));
            final boolean inBlocks = texts.size() % 2 == 1;
            texts.add(new Text(data).of(schema, value));
            theirs.add(HEX.formatHex(write(schema, data, value, inBlocks)));
        }
        return answer;
    }

    private static GenericData conversions() {
        final GenericData data = new PlainArrays();
        data.addLogicalTypeConversion(new Conversions.DecimalConversion());
        data.addLogicalTypeConversion(new Conversions.UUIDConversion());
        data.addLogicalTypeConversion(new TimeConversions.DateConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        return data;
    }

    /** Avro 1.12.0 keeps doubles of an array as floats, and cannot keep converted values in an array of longs. */
    private static final class PlainArrays extends GenericData {
        @Override
        public Object newArray(final Object old, final int size, final Schema schema) {
            return new GenericData.Array<>(size, schema);
        }
    }

    private static Object read(final Schema schema, final GenericData data, final byte[] bytes) throws IOException {
        final BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
        final Object value = new GenericDatumReader<Object>(schema, schema, data).read(null, decoder);
        if (!decoder.isEnd()) throw new IOException("bytes follow after the end of the record");
        return value;
    }

    private static byte[] write(
            final Schema schema, final GenericData data, final Object value, final boolean inBlocks)
            throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final EncoderFactory factory = new EncoderFactory().configureBlockSize(BLOCK_BYTES);
        final BinaryEncoder encoder =
                inBlocks ? factory.blockingBinaryEncoder(bytes, null) : factory.binaryEncoder(bytes, null);
        new GenericDatumWriter<Object>(schema, data).write(value, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
