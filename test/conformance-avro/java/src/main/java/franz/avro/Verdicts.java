package franz.avro;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * One line in, one line out. A line with one schema answers {@code y} when Avro parses it, else {@code p}. A line with an
 * old and a new schema, parted by a tab, answers two letters: does the new one read the old one's data, does the old
 * one read the new one's. Besides {@code y} and {@code n} there is {@code x}: the check itself threw.
 */
public final class Verdicts {
    private Verdicts() {}

    public static void main(final String[] arguments) throws IOException {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final PrintStream printed = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            printed.println(answer(line.split("\t")));
        }
        printed.flush();
    }

    private static String answer(final String[] texts) {
        final Schema[] schemas = new Schema[texts.length];
        for (int i = 0; i < texts.length; i++) {
            schemas[i] = parse(texts[i]);
            if (schemas[i] == null) return texts.length == 1 ? "p" : "pp";
        }
        if (schemas.length == 1) return "y";
        return verdict(schemas[1], schemas[0]) + verdict(schemas[0], schemas[1]);
    }

    private static Schema parse(final String text) {
        try {
            return new Schema.Parser().parse(text);
        } catch (final RuntimeException error) {
            return null;
        }
    }

    private static String verdict(final Schema reader, final Schema writer) {
        try {
            final SchemaCompatibilityType type =
                    SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
            return type == SchemaCompatibilityType.COMPATIBLE ? "y" : "n";
        } catch (final AvroRuntimeException error) {
            return "x";
        }
    }
}
