package dev.changeling.server;

import dev.changeling.page.PageResource;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server can do, as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1) has it. The files beside this class hold what all
 * servers have in common; a server's services and limits are written into them.
 */
final class OpenApi {
    private OpenApi() {}

    /** @param hasToken whether requests must bring a bearer token */
    static ObjectNode of(
            List<Service> services, List<MissingService> missing, String version, Limits limits, boolean hasToken) {
        ObjectNode root = read("openapi.json");
        root.withObject("/info").put("version", version);
        ObjectNode paths = root.withObject("/paths");
        for (Service service : services) {
            ObjectNode post = paths.putObject(service.path()).putObject("post");
            post.put("summary", service.summary());
            post.setAll(read("openapi-service.json"));
            if (service.companion() != null) {
                post.withObject("/requestBody/content/application~1json")
                        .set("schema", withCompanion(service.companion(), limits));
            }
            post.withObject("/responses/200/content/application~1json/schema/properties/results")
                    .set("items", JsonMapper.shared().readTree(service.resultSchema()));
        }
        for (MissingService service : missing) {
            ObjectNode post = paths.putObject(service.path()).putObject("post");
            post.put("summary", "Not here: " + service.reason());
            post.putObject("responses").putObject("501").put("$ref", "#/components/responses/Refused");
        }
        ObjectNode schemas = root.withObject("/components/schemas");
        schemas.withObject("/Texts/properties/texts").put("maxItems", limits.texts());
        schemas.withObject("/Text").put("maxLength", limits.characters());
        if (hasToken) {
            root.withObject("/components/securitySchemes/token")
                    .put("type", "http")
                    .put("scheme", "bearer");
            root.putArray("security").addObject().putArray("token");
        }
        return root;
    }

    private static ObjectNode withCompanion(Service.Companion companion, Limits limits) {
        ObjectNode schema = read("openapi-companion.json");
        ObjectNode one = schema.withObject("/oneOf/0");
        one.withObject("/properties/" + companion.name())
                .put("$ref", "#/components/schemas/Text")
                .put("description", companion.description());
        if (companion.isRequired()) {
            one.withArray("required").add(companion.name());
        }
        ObjectNode items = schema.withObject("/oneOf/1/properties/texts")
                .put("maxItems", limits.texts())
                .withObject("/items");
        if (!companion.isRequired()) {
            items.withArray("anyOf").addObject().put("$ref", "#/components/schemas/Text");
        }
        items.withArray("anyOf").add(one.deepCopy());
        return schema;
    }

    private static ObjectNode read(String resource) {
        return (ObjectNode) JsonMapper.shared().readTree(PageResource.read(OpenApi.class, resource));
    }
}
