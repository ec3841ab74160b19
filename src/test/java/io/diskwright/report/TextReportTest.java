package io.diskwright.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.validate.Validation;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class TextReportTest {

  @Test
  void ranksFailuresAndGathersTheRest() throws IOException {
    assertThat(text(Validations.mixed(), false, false))
        .isEqualTo(
            """
            a.vhd: FAIL, not importable as it is (profile alibaba)
              vhd (fixed), 42,949,672,960 bytes virtual size

              ERROR partition.table-mbr: Fails.
                  GPT: there; expected: MBR
                  -> Repair it.

              warning partition.gpt-backup-position: Fails.
                  GPT: there; expected: MBR
                  -> Repair it. (can be repaired in the image)

              info disk.size-rounding: Fails.
                  GPT: there; expected: MBR
                  -> Repair it. (can be repaired in the image)

              ? Not decided: 5 rules, of error severity: 3
                  4 rules: No reader.
                  partition.single-root: One partition.

              + Passed: 1, not for this image or profile: 1

              To enter at import: Format VHD, DiskImageSize 40
            """);
  }

  @Test
  void listsEverythingOnRequest() throws IOException {
    assertThat(text(Validations.mixed(), false, true))
        .contains("? linux.d: No reader.")
        .contains("+ format.accepted: The importer takes it.")
        .contains("- partition.no-swap: Is Windows.");
  }

  @Test
  void escapesWhatComesFromTheImage() throws IOException {
    String text = text(Validations.refused(), false, false);
    assertThat(text.lines())
        .containsExactly(
            "b\\x0a.vhd: FAIL, not importable as it is (profile none)",
            "",
            "  ERROR format.vhd-footer-valid: Forged\\x0aline",
            "      footer\\x1b[2J: x",
            "",
            "  + Passed: 0, not for this image or profile: 0");
  }

  @Test
  void coloursOnRequestOnly() throws IOException {
    assertThat(text(Validations.mixed(), true, false))
        .contains("\u001b[31mERROR\u001b[0m partition.table-mbr");
    assertThat(text(Validations.mixed(), false, true)).doesNotContain("\u001b");
  }

  private static String text(Validation validation, boolean colour, boolean everything)
      throws IOException {
    var text = new StringBuilder();
    new TextReport(colour, everything).write(validation, text);
    return text.toString();
  }
}
