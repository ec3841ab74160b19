package io.diskwright.guest.registry;

import static io.diskwright.guest.registry.TestHive.ROOT;
import static io.diskwright.guest.registry.TestHive.ascii;
import static io.diskwright.guest.registry.TestHive.utf16;
import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.volume.Tool;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** A hive that hivex wrote holds what hivex reads from it. */
@Tag("interop")
class HivexInteropTest {

  private static final int KEYS = 400;
  private static final String[] ODD = {
    "Größe", "Привет", "日本語", "a b ", "{0-1}", "50% & <more>", "it's", "dots...", "UPPER"
  };

  @TempDir Path folder;

  /** What hivex adds keys to: they share the root's security descriptor. */
  private static byte[] empty() {
    var hive = new TestHive(3, 4096);
    byte[] security = new byte[40];
    System.arraycopy(ascii("sk"), 0, security, 0, 2);
    int cell = hive.cell(security);
    hive.set32(cell, 4, cell).set32(cell, 8, cell).set32(cell, 12, 1).set32(cell, 16, 20);
    return hive.set32(cell, 20, 1).set32(ROOT, 44, cell).set16(ROOT, 2, 0x2c).bytes();
  }

  private static String registry() {
    var random = new Random(5);
    var text = new StringBuilder("Windows Registry Editor Version 5.00\n\n[\\Many]\n\n");
    for (int i = 0; i < KEYS; i++) {
      String name = "Key " + i + " " + ODD[i % ODD.length];
      text.append("[\\Many\\").append(name).append("]\n");
      text.append("@=\"default of ").append(i).append("\"\n");
      text.append(String.format(Locale.ROOT, "\"number\"=dword:%08x\n", random.nextInt()));
      byte[] bytes = new byte[1 + i % 7];
      random.nextBytes(bytes);
      value(text, ODD[(i + 1) % ODD.length], RegistryValue.BINARY, bytes);
      value(text, "several", RegistryValue.MULTI_SZ, utf16("a\0" + name + "\0\0"));
      text.append('\n');
    }
    text.append("[\\Long]\n");
    for (int length : List.of(4, 5, 16343, 16344, 16345, 50_000)) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      value(text, "bytes " + length, RegistryValue.BINARY, bytes);
    }
    return text.append('\n').toString();
  }

  private static void value(StringBuilder text, String name, int type, byte[] data) {
    text.append("\"" + name + "\"=hex(" + type + "):");
    text.append(HexFormat.ofDelimiter(",").formatHex(data)).append('\n');
  }

  /** A line for each key and value, as hivexml has them. */
  private static void expected(Element key, String path, SortedSet<String> lines) {
    for (Node node = key.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (!(node instanceof Element element)) {
        continue;
      }
      switch (element.getTagName()) {
        case "mtime" -> lines.add(path + " written " + element.getTextContent());
        case "node" -> expected(element, path + "\\" + element.getAttribute("name"), lines);
        case "value" -> lines.add(path + " value " + element.getAttribute("key") + data(element));
        default -> {}
      }
    }
  }

  private static String data(Element value) {
    String text = value.getAttribute("value");
    return switch (value.getAttribute("type")) {
      case "string" -> " text " + text;
      case "int32" -> " number " + Integer.toUnsignedLong((int) Long.parseLong(text));
      case "string-list" -> {
        var strings = value.getElementsByTagName("string");
        var texts = new StringBuilder(" texts");
        for (int i = 0; i < strings.getLength(); i++) {
          // It shows the empty one at the end too.
          String one = strings.item(i).getTextContent();
          texts.append(one.isEmpty() ? "" : " " + one);
        }
        yield texts.toString();
      }
      default -> " bytes " + Arrays.hashCode(Base64.getMimeDecoder().decode(text));
    };
  }

  private static void found(RegistryKey key, String path, SortedSet<String> lines)
      throws IOException {
    lines.add(path + " written " + key.lastWritten().truncatedTo(ChronoUnit.SECONDS));
    for (RegistryValue value : key.values()) {
      lines.add(path + " value " + value.name() + data(value));
    }
    for (RegistryKey child : key.subkeys()) {
      found(child, path + "\\" + child.name(), lines);
    }
  }

  private static String data(RegistryValue value) throws IOException {
    return switch (value.type()) {
      case RegistryValue.SZ -> " text " + value.text();
      case RegistryValue.DWORD -> " number " + value.number().orElseThrow();
      case RegistryValue.MULTI_SZ -> " texts " + String.join(" ", value.texts());
      default -> " bytes " + Arrays.hashCode(value.data());
    };
  }

  @Test
  void readsWhatHivexReads() throws Exception {
    Path file = Files.write(folder.resolve("hive"), empty());
    Tool.runWithInput(
        registry(), List.of("hivexregedit", "--merge", "--encoding", "UTF-16LE", file.toString()));
    String xml = Tool.run("hivexml", file.toString());
    Element document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)))
            .getDocumentElement();
    Element root = (Element) document.getElementsByTagName("node").item(0);
    SortedSet<String> expected = new TreeSet<>();
    expected(root, "", expected);
    SortedSet<String> found = new TreeSet<>();
    Hive hive = Hive.open(TestHive.source(Files.readAllBytes(file)), List.of());
    found(hive.root(), "", found);
    assertThat(found).hasSizeGreaterThan(5 * KEYS);
    SortedSet<String> missing = new TreeSet<>(expected);
    missing.removeAll(found);
    assertThat(missing).isEmpty();
    found.removeAll(expected);
    assertThat(found).isEmpty();
    assertThat(hive.key("many\\KEY 1 привет")).isPresent();
  }
}
