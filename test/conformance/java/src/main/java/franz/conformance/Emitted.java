package franz.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** One output record, written to a case as [topic, key, value, timestamp]. */
record Emitted(String topic, String key, String value, long timestamp) {
    ArrayNode asJson() {
        return JsonNodeFactory.instance.arrayNode().add(topic).add(key).add(value).add(timestamp);
    }
}
