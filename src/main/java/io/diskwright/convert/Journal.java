package io.diskwright.convert;

import io.diskwright.disk.Patch;
import io.diskwright.target.PartialFile;
import io.diskwright.target.Stamp;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/**
 * What an interrupted conversion leaves beside its {@code .partial} file so that another can go on:
 * JSON Lines in {@code TARGET.partial.journal}. The first line says what is converted, into what
 * and how; each further line, up to which offset of the disk everything is written. A line is
 * written after the bytes it speaks of are durable, and is durable itself before work goes on; a
 * last line that is torn does not count. When the output is changed at its end, a line first keeps
 * the bytes that are changed. For one thread.
 */
final class Journal implements Closeable {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String DURABLE = "durableBelow";
  private static final String CHANGED_AT = "changedAt";
  private static final String BEFORE = "before";
  private static final long MAX_LENGTH = 64 << 20;

  private final FileChannel channel;

  /**
   * What an earlier run has left.
   *
   * @param task what it converted, as {@link #task} describes it
   * @param stamp what its output is marked with
   * @param durableBelow offset of the disk, in bytes, up to which its output is complete
   * @param before bytes that may have been changed since, as they were
   */
  record Left(Map<String, String> task, Stamp stamp, long durableBelow, List<Patch> before) {}

  private Journal(FileChannel channel) {
    this.channel = channel;
  }

  /** Where the journal of a target lies. */
  static Path of(Path target) {
    Path partial = PartialFile.partialOf(target);
    return partial.resolveSibling(partial.getFileName() + ".journal");
  }

  /** The facts by which a conversion is known as the same again. */
  static Map<String, String> task(Map<String, String> settings, List<FileIdentity> sources) {
    var task = new LinkedHashMap<String, String>(settings);
    for (int i = 0; i < sources.size(); i++) {
      FileIdentity source = sources.get(i);
      task.put(
          "source" + i,
          source.path() + ", " + source.size() + " bytes, changed " + source.changed());
      task.put("sourceDigest" + i, source.digest());
    }
    return task;
  }

  /** Begins a journal, replacing one that is there. */
  static Journal create(Path target, Map<String, String> task, Stamp stamp) throws IOException {
    Path path = of(target);
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    var journal = new Journal(channel);
    try {
      journal.append(json -> {
        json.writeStringProperty("id", stamp.id().toString());
        json.writeStringProperty("time", stamp.time().toString());
        task.forEach(json::writeStringProperty);
      });
      PartialFile.syncFolder(path);
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Goes on with the journal that {@link #read} found; a torn last line is cut off. */
  static Journal reopen(Path target) throws IOException {
    Path path = of(target);
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      byte[] bytes = Files.readAllBytes(path);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      channel.truncate(end).position(end);
      return new Journal(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Says that the output is durable up to an offset of the disk, in bytes. */
  void durable(long below) throws IOException {
    append(json -> json.writeNumberProperty(DURABLE, below));
  }

  /** Says that bytes of the output may be changed from now on, and what they are before. */
  void changing(Patch before) throws IOException {
    append(json -> {
      json.writeNumberProperty(CHANGED_AT, before.offset());
      json.writeStringProperty(BEFORE, Base64.getEncoder().encodeToString(before.bytes()));
    });
  }

  private void append(Consumer<JsonGenerator> properties) throws IOException {
    var line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      properties.accept(json);
      json.writeEndObject();
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  /** What the journal of a target says; empty when there is none, or no whole first line. */
  static Optional<Left> read(Path target) throws IOException {
    Path path = of(target);
    if (!Files.isRegularFile(path) || Files.size(path) > MAX_LENGTH) {
      return Optional.empty();
    }
    // Bytes of a torn line need not be UTF-8; replaced, they still do not parse.
    String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    Map<String, String> task = null;
    long durable = 0;
    var changes = new ArrayList<Map<String, String>>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      Map<String, String> values = parse(line);
      if (values == null) {
        break;
      } else if (task == null) {
        task = values;
      } else {
        durable = Math.max(durable, number(values.get(DURABLE)));
        if (values.containsKey(BEFORE)) {
          changes.add(values);
        }
      }
    }
    return task == null ? Optional.empty() : left(task, durable, changes);
  }

  private static Optional<Left> left(
      Map<String, String> task, long durable, List<Map<String, String>> changes) {
    String id = task.remove("id");
    String time = task.remove("time");
    if (id == null || time == null) {
      return Optional.empty();
    }
    try {
      List<Patch> before = changes.stream().map(Journal::before).toList();
      return Optional.of(
          new Left(task, new Stamp(UUID.fromString(id), Instant.parse(time)), durable, before));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Map<String, String> parse(String line) {
    var values = new LinkedHashMap<String, String>();
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        values.put(name, json.getString());
      }
      return json.currentToken() == JsonToken.END_OBJECT ? values : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static Patch before(Map<String, String> values) {
    byte[] bytes = Base64.getDecoder().decode(String.valueOf(values.get(BEFORE)));
    return new Patch(number(values.get(CHANGED_AT)), bytes);
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Closes it and leaves it for a later run. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Removes the journal of a target, if there is one. */
  static void delete(Path target) throws IOException {
    Files.deleteIfExists(of(target));
  }
}
