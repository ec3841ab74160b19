package io.diskwright.guest.os;

import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the hives of a release; all but the empty hive to start from is hivex's work. */
final class HiveBuilder {

  private static final int BINS = 4096;
  private static final int ROOT = 0x20;
  private static final int ROOT_LENGTH = 0x58;
  private static final int SECURITY = ROOT + ROOT_LENGTH;
  private static final int SECURITY_LENGTH = 0x30;

  private HiveBuilder() {}

  /** Writes SOFTWARE and SYSTEM into a directory, the current control set being the second. */
  static void write(WindowsRelease release, Path directory)
      throws IOException, InterruptedException {
    String software =
        section("Microsoft\\Windows NT\\CurrentVersion", release.software())
            + section("Microsoft\\Windows\\CurrentVersion", Map.of("ProductId", "x"));
    merge(directory.resolve("SOFTWARE"), software);
    String system =
        section("Select", Map.of("Current", "#2", "Default", "#2"))
            + section("ControlSet001\\Control\\ProductOptions", Map.of("ProductType", "Other"))
            + section("ControlSet002\\Control\\ProductOptions", only(release, "Product"))
            + section(
                "ControlSet002\\Control\\Session Manager\\Environment", only(release, "PROCESSOR"));
    merge(directory.resolve("SYSTEM"), system);
  }

  private static Map<String, String> only(WindowsRelease release, String start) {
    return release.system().entrySet().stream()
        .filter(value -> value.getKey().startsWith(start))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void merge(Path hive, String text) throws IOException, InterruptedException {
    Files.write(hive, empty());
    Tool.runWithInput(
        "Windows Registry Editor Version 5.00\n\n" + text,
        List.of("hivexregedit", "--merge", "--encoding", "UTF-16LE", hive.toString()));
  }

  /** The tool makes no key whose parent is not there. */
  private static String section(String key, Map<String, String> values) {
    var text = new StringBuilder();
    for (int end = key.indexOf('\\'); end >= 0; end = key.indexOf('\\', end + 1)) {
      text.append("[\\").append(key, 0, end).append("]\n\n");
    }
    text.append("[\\").append(key).append("]\n");
    values.forEach((name, value) -> text.append("\"" + name + "\"=" + data(name, value) + "\n"));
    return text.append("\n").toString();
  }

  private static String data(String name, String value) {
    if (value.startsWith("#")) {
      return String.format(Locale.ROOT, "dword:%08x", Long.parseLong(value.substring(1)));
    }
    if (name.equals("ProductSuite")) {
      byte[] texts = (value.replace(',', '\0') + "\0\0").getBytes(StandardCharsets.UTF_16LE);
      return "hex(7):" + HexFormat.ofDelimiter(",").formatHex(texts);
    }
    return "\"" + value + "\"";
  }

  /** A hive with a root key and its security descriptor, and nothing else. */
  static byte[] empty() {
    ByteBuffer hive = ByteBuffer.allocate(BINS + 4096).order(ByteOrder.LITTLE_ENDIAN);
    hive.put(0, ascii("regf")).putInt(4, 1).putInt(8, 1).putInt(20, 1).putInt(24, 3);
    hive.putInt(32, 1).putInt(36, ROOT).putInt(40, 4096).putInt(44, 1);
    int checksum = 0;
    for (int i = 0; i < 508; i += 4) {
      checksum ^= hive.getInt(i);
    }
    hive.putInt(508, checksum);
    hive.put(BINS, ascii("hbin")).putInt(BINS + 8, 4096);
    int key = BINS + ROOT;
    hive.putInt(key, -ROOT_LENGTH).put(key + 4, ascii("nk")).putShort(key + 6, (short) 0x2c);
    for (int field : new int[] {16, 28, 32, 40, 48}) {
      hive.putInt(key + 4 + field, -1);
    }
    hive.putInt(key + 4 + 44, SECURITY).putShort(key + 4 + 72, (short) 4);
    hive.put(key + 4 + 76, ascii("ROOT"));
    int security = BINS + SECURITY;
    hive.putInt(security, -SECURITY_LENGTH).put(security + 4, ascii("sk"));
    hive.putInt(security + 8, SECURITY).putInt(security + 12, SECURITY).putInt(security + 16, 1);
    hive.putInt(security + 20, 20).put(security + 24, (byte) 1);
    hive.putInt(security + SECURITY_LENGTH, 4096 - SECURITY - SECURITY_LENGTH);
    return hive.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
