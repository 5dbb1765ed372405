package franz.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Reads cases as JSON lines from stdin and prints each with what Kafka Streams emitted at every step. */
public final class Main {
    private Main() {}

    public static void main(final String[] arguments) throws Exception {
        final ObjectMapper json = new ObjectMapper();
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final PrintStream printed = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int failed = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank()) continue;
            final ObjectNode spec = (ObjectNode) json.readTree(line);
            try {
                CaseRun.complete(spec);
                printed.println(json.writeValueAsString(spec));
            } catch (final Exception error) {
                failed += 1;
                System.err.println("case " + spec.path("name").asText() + " failed: " + error);
                for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
                    System.err.println("  because: " + cause);
                }
            }
        }
        printed.flush();
        System.exit(failed == 0 ? 0 : 1);
    }
}
