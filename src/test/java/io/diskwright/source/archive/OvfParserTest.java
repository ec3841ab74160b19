package io.diskwright.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OvfParserTest {

  private static Ovf parse(String text) throws ImageException {
    return OvfParser.parse("a[vm.ovf]", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String text, Class<? extends ImageException> kind, String... words) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(kind).satisfies(Archives.says(words));
  }

  @Test
  void entitiesAreNeverExpandedNorFilesOpened() {
    String xxe = "<!DOCTYPE Envelope [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    String http = "<!DOCTYPE Envelope SYSTEM \"http://127.0.0.1:1/x.dtd\">";
    var laughs = new StringBuilder("<!DOCTYPE Envelope [<!ENTITY l0 'lol'>");
    for (int i = 1; i < 30; i++) {
      laughs.append("<!ENTITY l" + i + " '" + ("&l" + (i - 1) + ";").repeat(10) + "'>");
    }
    laughs.append("]>");
    for (String declaration : List.of(xxe, http, laughs.toString())) {
      refused(declaration + "<Envelope/>", UnsupportedFeature.class, "document type declaration");
      refused(declaration + "<Envelope>&x;</Envelope>", UnsupportedFeature.class, "declaration");
      refused(declaration + "<Envelope a='&l29;'/>", UnsupportedFeature.class, "declaration");
    }
    refused("<Envelope>&x;</Envelope>", ImageException.class);
    refused("<Envelope a='&x;'/>", CorruptImage.class, "no well-formed XML");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "PK",
        "<",
        "<a",
        "<Envelope>",
        "<Envelope></Envelop>",
        "\u0000",
        "<?xml version='1.0'?><Envelope> <<ClosingTag>>",
        "<Envelope/><Envelope/>",
        "<?xml version='1.0' encoding='no-such'?><Envelope/>"
      })
  void whatIsNoXmlIsRefused(String text) {
    refused(text, CorruptImage.class, "a[vm.ovf]: OVF descriptor: found no well-formed XML");
  }

  @Test
  void bytesOfNoCharsetAreRefused() {
    byte[] bad = "<Envelope>\u00ff\u00fe</Envelope>".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> OvfParser.parse("a", bad)).isInstanceOf(CorruptImage.class);
  }

  @Test
  void otherDocumentsAreNoDescriptors() {
    refused("<html/>", CorruptImage.class, "root element 'html'");
  }

  @Test
  void nestingAndNumbersAreBounded() throws Exception {
    refused(
        "<Envelope>" + "<a>".repeat(100_000) + "</a>".repeat(100_000) + "</Envelope>",
        LimitExceeded.class,
        "deeper elements");
    refused(
        "<Envelope><References>" + "<File/>".repeat(10_002) + "</References></Envelope>",
        LimitExceeded.class,
        "more files");
    String large = "<Envelope>" + "<a b='c'>text</a>".repeat(500_000) + "</Envelope>";
    assertThat(parse(large).disks()).isEmpty();
  }

  @Test
  void everyCharsetIsRead() throws Exception {
    String text = TestOvf.of("dïsk.vmdk");
    for (String charset : List.of("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "x")) {
      String declared = text.replace(" encoding=\"UTF-8\"", declaration(charset));
      byte[] bytes = declared.getBytes(charset.equals("x") ? "UTF-8" : charset);
      assertThat(OvfParser.parse("a", bytes).choose(OptionalInt.empty()).file().href())
          .isEqualTo("dïsk.vmdk");
    }
    byte[] marked = ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
    assertThat(OvfParser.parse("a", marked).files()).hasSize(1);
  }

  private static String declaration(String charset) {
    return charset.equals("x") ? "" : " encoding='" + charset + "'";
  }

  private static OvfDisk disk(String capacity, String units) {
    return new OvfDisk("a[vm.ovf]", "d", "f", capacity, units, "");
  }

  @ParameterizedTest
  @CsvSource({
    "8192,,8192",
    "8192,byte,8192",
    "40,byte * 2^30,42949672960",
    "40,byte*2^30,42949672960",
    "40,bytes * 1024 * 2^20,42949672960",
    "3,byte * 10^9,3000000000",
    "40,GigaBytes,42949672960",
    "40,GB,42949672960",
    "1,TeraBytes,1099511627776",
    "512,MegaBytes,536870912",
    "512,KiloBytes * 2^10,536870912",
    "9223372036854775807,byte,9223372036854775807",
    "0,byte * 2^40,0"
  })
  void capacitiesAreCountedInUnits(String capacity, String units, long bytes) throws Exception {
    assertThat(disk(capacity, units == null ? "" : units).bytes()).hasValue(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808,byte",
    "1,byte * 2^63",
    "8589934592,byte * 2^30",
    "99999999999999999,GigaBytes",
    "-1,byte",
    "1e9,byte",
    "0x10,byte",
    "99999999999999999999,byte",
    "1,furlong",
    "1,byte * 2^99",
    "1,byte * x",
    "1,byte ** 2",
    "1,bit * 8"
  })
  void otherCapacitiesAreRefused(String capacity, String units) {
    assertThatThrownBy(() -> disk(capacity, units).bytes())
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("OVF Disk capacity");
    assertThat(disk(capacity, units).shown()).contains(capacity);
  }

  @Test
  void aCapacityToBeChosenLaterIsNone() throws IOException {
    assertThat(disk("${size}", "byte").bytes()).isEmpty();
    assertThat(disk("", "").bytes()).isEmpty();
  }
}
