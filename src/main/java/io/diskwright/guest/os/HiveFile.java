package io.diskwright.guest.os;

import io.diskwright.guest.registry.Hive;
import io.diskwright.guest.registry.HiveState;
import io.diskwright.guest.registry.RegistryKey;
import io.diskwright.guest.registry.RegistryValue;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A hive in a guest, completed from its logs. What is damaged in it, and all of one that cannot be
 * completed, is absent, and kept as unknown. For one thread; to be closed.
 */
final class HiveFile implements Registry, AutoCloseable {

  private static final List<String> LOGS = List.of(".LOG1", ".LOG2", ".LOG");

  private final GuestReader reader;
  private final String path;
  private final List<ByteSource> sources = new ArrayList<>();
  private Optional<Hive> hive = Optional.empty();

  private HiveFile(GuestReader reader, String path) {
    this.reader = reader;
    this.path = path;
  }

  /** Something that is read from a value. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(RegistryValue value) throws IOException;
  }

  /**
   * Opens a hive of the system.
   *
   * @param systemRoot the path of Windows' directory
   */
  static HiveFile open(GuestReader reader, String systemRoot, String name) throws IOException {
    String wanted = systemRoot + "/System32/config/" + name;
    Optional<String> path = CaseInsensitive.resolve(reader, wanted);
    var file = new HiveFile(reader, path.orElse(wanted));
    if (path.isEmpty()) {
      reader.unknown(GuestReader.absolute(wanted), "it is not there");
      return file;
    }
    try {
      file.hive = reader.attempt(path.get(), file::open);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  private Optional<Hive> open(Path primary) throws IOException {
    ByteSource bytes = source(primary, path);
    List<ByteSource> logs = new ArrayList<>();
    for (String suffix : LOGS) {
      Optional<String> log = CaseInsensitive.resolve(reader, path + suffix);
      if (log.isPresent() && reader.isFile(log.get())) {
        reader
            .attempt(log.get(), file -> Optional.of(source(file, log.get())))
            .ifPresent(logs::add);
      }
    }
    Hive opened = Hive.open(bytes, logs);
    if (opened.state() == HiveState.INCOMPLETE) {
      reader.unknown(
          GuestReader.absolute(path), "it was not written to the end, and no log completes it");
      return Optional.empty();
    }
    return Optional.of(opened);
  }

  private ByteSource source(Path file, String name) throws IOException {
    var source = new ChannelSource(Files.newByteChannel(file), GuestReader.absolute(name));
    sources.add(source);
    return source;
  }

  @Override
  public Optional<String> text(String key, String name) throws IOException {
    return read(key, name, RegistryValue.SZ, RegistryValue::text);
  }

  @Override
  public List<String> texts(String key, String name) throws IOException {
    return read(key, name, RegistryValue.MULTI_SZ, RegistryValue::texts).orElse(List.of());
  }

  @Override
  public OptionalLong number(String key, String name) throws IOException {
    return read(key, name, RegistryValue.DWORD, RegistryValue::number).orElse(OptionalLong.empty());
  }

  private <T> Optional<T> read(String key, String name, int type, Reading<T> reading)
      throws IOException {
    if (hive.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<RegistryKey> found = hive.get().key(key);
      Optional<RegistryValue> value = found.isEmpty() ? Optional.empty() : found.get().value(name);
      return value.isEmpty() || !isOf(type, value.get().type())
          ? Optional.empty()
          : Optional.of(reading.of(value.get()));
    } catch (ImageException e) {
      reader.unknown(GuestReader.absolute(path) + " " + key, e.fault().message());
      return Optional.empty();
    }
  }

  /** A text may be one with variables in it. */
  private static boolean isOf(int wanted, int type) {
    return type == wanted || (wanted == RegistryValue.SZ && type == RegistryValue.EXPAND_SZ);
  }

  @Override
  public void close() throws IOException {
    for (ByteSource source : sources) {
      source.close();
    }
  }
}
