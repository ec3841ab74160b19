package io.diskwright.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FstabTest {

  @Test
  void readsFieldsWithQuotesEscapesAndComments() {
    Fstab fstab =
        Fstab.parse(
            """
            # /etc/fstab: static file system information.

            UUID=0a1b / ext4 errors=remount-ro 0 1
            LABEL="my disk"	/mnt/my\\040disk	xfs	defaults,noatime	0 2
              /dev/sda2 none swap sw
            proc /proc proc # nothing more
            LABEL=it"s /x auto
            """);
    assertEquals(
        List.of(
            new FstabEntry(3, "UUID=0a1b", "/", "ext4", List.of("errors=remount-ro"), "0", "1"),
            new FstabEntry(
                4,
                "LABEL=my disk",
                "/mnt/my disk",
                "xfs",
                List.of("defaults", "noatime"),
                "0",
                "2"),
            new FstabEntry(5, "/dev/sda2", "none", "swap", List.of("sw"), "", ""),
            new FstabEntry(6, "proc", "/proc", "proc", List.of("#"), "nothing", "more"),
            new FstabEntry(7, "LABEL=it\"s", "/x", "auto", List.of(), "", "")),
        fstab.entries());
    assertEquals(List.of(), fstab.problems());
  }

  @Test
  void reportsLinesThatAreNoEntries() {
    Fstab fstab = Fstab.parse("/dev/sda1 /\n/dev/sda2\u0007\n/dev/sda3 /x ext4\n");
    assertEquals(1, fstab.entries().size());
    assertEquals(
        List.of("line 1: not an entry: '/dev/sda1 /'", "line 2: not an entry: '/dev/sda2\\x07'"),
        fstab.problems());
  }

  @Test
  void stopsAfterMoreEntriesThanAnybodyHas() {
    Fstab fstab = Fstab.parse("a b c\n".repeat(1_000_000));
    assertEquals(Fstab.MAX_ENTRIES, fstab.entries().size());
    assertEquals(List.of("line 1025: more than are read"), fstab.problems());
    assertEquals(65, Fstab.parse("a\n".repeat(1_000_000)).problems().size());
  }
}
