package io.diskwright.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.diskwright.io.CorruptImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataParserTest {

  private static Section parse(String text) throws CorruptImage {
    return MetadataParser.parse("disk", text);
  }

  @Test
  void readsSectionsTextsNumbersAndLists() throws CorruptImage {
    Section top =
        parse(
            "vg {\n"
                + "# a comment = {\n"
                + "id = \"a\\\"b\"\n"
                + "seqno=7 # another\n"
                + "status = [\"READ\", 'W',]\n"
                + "empty = []\n"
                + "lv { stripes = [\"pv0\", 12] ratio = 0.5 }\n"
                + "}\n"
                + "contents = \"x\"\n"
                + "\0");
    Section group = top.section("vg");
    assertThat(group.text("id")).isEqualTo("a\"b");
    assertThat(group.number("seqno", 0, 10)).isEqualTo(7);
    assertThat(group.list("status")).isEqualTo(List.of("READ", "W"));
    assertThat(group.list("empty")).isEmpty();
    assertThat(group.section("lv").list("stripes")).isEqualTo(List.of("pv0", 12L));
    assertThat(top.text("contents")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vg {",
        "}",
        "vg { a = 1 } }",
        "a",
        "a =",
        "a = [1, 2",
        "a = \"no end",
        "a = 99999999999999999999",
        "a = 1 a = 2",
        "= 1",
      })
  void refusesWhatIsNoText(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(CorruptImage.class);
  }

  @Test
  void sectionsAreNotNestedWithoutEnd() {
    assertThatThrownBy(() -> parse("a {".repeat(100_000)))
        .isInstanceOf(CorruptImage.class)
        .hasMessageContaining("levels");
  }

  @Test
  void valuesOfAnotherKindAreRefusedByName() throws CorruptImage {
    Section top = parse("a = 5 b = \"x\" c { }");
    assertThatThrownBy(() -> top.number("a", 6, 7))
        .hasMessageContaining("/a")
        .hasMessageContaining("6 to 7");
    assertThatThrownBy(() -> top.text("a")).isInstanceOf(CorruptImage.class);
    assertThatThrownBy(() -> top.section("b")).isInstanceOf(CorruptImage.class);
    assertThatThrownBy(() -> top.list("c")).hasMessageContaining("a section");
    assertThatThrownBy(() -> top.text("missing")).hasMessageContaining("nothing");
  }
}
