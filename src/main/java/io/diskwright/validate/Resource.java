package io.diskwright.validate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An object of a JSON resource of this package. The resources are part of diskwright: a field that
 * is missing or of another type is a bug.
 */
record Resource(Map<String, Object> fields) {

  /** Reads a resource that is one JSON object. */
  static Resource load(String name) {
    try (InputStream in = Resource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
        return new Resource(object(parser, parser.nextToken()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file that a user wrote.
   *
   * @throws IllegalArgumentException when it is no JSON
   * @throws IllegalStateException when it is no object, or a field stands twice
   */
  static Resource read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
      return new Resource(object(parser, parser.nextToken()));
    } catch (JacksonException e) {
      // The parser's own message goes on about its settings.
      throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** These fields in place of those of another object, objects inside of it likewise. */
  Resource over(Resource base) {
    var merged = new LinkedHashMap<String, Object>(base.fields);
    fields.forEach((name, value) -> {
      boolean both = value instanceof Resource && base.fields.get(name) instanceof Resource;
      merged.put(name, both ? object(name).over(base.object(name)) : value);
    });
    return new Resource(merged);
  }

  String text(String field) {
    return get(String.class, field);
  }

  String textOr(String field, String otherwise) {
    return fields.containsKey(field) ? text(field) : otherwise;
  }

  long number(String field) {
    return get(Long.class, field);
  }

  long numberOr(String field, long otherwise) {
    return fields.containsKey(field) ? number(field) : otherwise;
  }

  List<String> texts(String field) {
    return get(List.class, field).stream().map(String.class::cast).toList();
  }

  List<String> textsOr(String field, List<String> otherwise) {
    return fields.containsKey(field) ? texts(field) : otherwise;
  }

  /** Numbers, none where the field is missing. */
  List<Long> numbersOr(String field) {
    return fields.containsKey(field)
        ? get(List.class, field).stream().map(Long.class::cast).toList()
        : List.of();
  }

  /** The texts of an object, none where the field is missing. */
  Map<String, String> textsByName(String field) {
    if (!fields.containsKey(field)) {
      return Map.of();
    }
    Resource object = object(field);
    var texts = new LinkedHashMap<String, String>();
    object.fields.keySet().forEach(name -> texts.put(name, object.text(name)));
    return texts;
  }

  Resource object(String field) {
    return get(Resource.class, field);
  }

  List<Resource> objects(String field) {
    return get(List.class, field).stream().map(Resource.class::cast).toList();
  }

  private <T> T get(Class<T> type, String field) {
    Object value = fields.get(field);
    if (value == null) {
      throw new IllegalStateException("field " + field + " is missing");
    }
    if (!type.isInstance(value)) {
      throw new IllegalStateException("field " + field + " is '" + value + "', not " + word(type));
    }
    return type.cast(value);
  }

  private static String word(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "Long" -> "a number";
      case "String" -> "a text";
      case "List" -> "a list";
      default -> "an object";
    };
  }

  private static Map<String, Object> object(JsonParser parser, @Nullable JsonToken start) {
    if (start != JsonToken.START_OBJECT) {
      throw new IllegalStateException("no object but " + start);
    }
    var result = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (result.put(name, value(parser, parser.nextToken())) != null) {
        throw new IllegalStateException("field " + name + " stands twice");
      }
    }
    return result;
  }

  private static Object value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> new Resource(object(parser, token));
      case START_ARRAY -> {
        var list = new ArrayList<Object>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          list.add(value(parser, next));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      default -> throw new IllegalStateException("token " + token);
    };
  }
}
