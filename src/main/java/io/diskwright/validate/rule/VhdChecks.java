package io.diskwright.validate.rule;

import io.diskwright.io.ByteView;
import io.diskwright.io.Fault;
import io.diskwright.io.LimitExceeded;
import io.diskwright.validate.Evidence;
import io.diskwright.vhd.VhdDynamicHeader;
import io.diskwright.vhd.VhdFooter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Compares a VHD's structures with each other and with the file. */
final class VhdChecks {

  private static final long SPECIFICATIONS_NO_OFFSET = 0xFFFF_FFFFL;
  private static final long UNALLOCATED = 0xFFFF_FFFFL;
  private static final int SECTOR = 512;
  private static final int ENTRY = 4;
  private static final int CHUNK = 1 << 16;

  /** 32 TiB in blocks of the usual 2 MiB. */
  private static final long MAX_ENTRIES = 1 << 24;

  private final VhdFacts vhd;
  private final VhdFooter footer;
  private final List<Evidence> wrong = new ArrayList<>();

  private VhdChecks(VhdFacts vhd) {
    this.vhd = vhd;
    this.footer = vhd.footer();
  }

  /** Everything that is wrong. */
  static List<Evidence> of(VhdFacts vhd) throws IOException {
    var checks = new VhdChecks(vhd);
    checks.footer();
    if (vhd.isDynamic()) {
      checks.dynamic();
    } else if (vhd.footer().diskType() == VhdFooter.FIXED) {
      checks.fixed();
    } else {
      checks.wrong("disk type", Long.toString(vhd.footer().diskType()), "2, 3 or 4");
    }
    return checks.wrong;
  }

  private void footer() {
    if (vhd.footerOffset().isEmpty()) {
      wrong("at the end of the file", "none", "'" + VhdFooter.COOKIE + "'");
    }
    if (!footer.hasSoundChecksum()) {
      wrong(
          "checksum",
          Fault.number(footer.storedChecksum()),
          Fault.number(footer.computedChecksum()));
    }
    if (footer.fileFormatVersion() != VhdFooter.VERSION) {
      wrong("version", Fault.number(footer.fileFormatVersion()), Fault.number(VhdFooter.VERSION));
    }
    if (footer.currentSize() <= 0 || footer.currentSize() % SECTOR != 0) {
      wrong(
          "current size", Long.toUnsignedString(footer.currentSize()), "a multiple of 512 above 0");
    }
  }

  private void fixed() {
    if (vhd.footerOffset().isPresent() && vhd.footerOffset().getAsLong() != footer.currentSize()) {
      wrong(
          "place",
          "offset " + vhd.footerOffset().getAsLong(),
          "offset " + Long.toUnsignedString(footer.currentSize()) + ", right behind the disk");
    }
    if (footer.dataOffset() != VhdFooter.NO_DATA_OFFSET
        && footer.dataOffset() != SPECIFICATIONS_NO_OFFSET) {
      wrong("data offset", Fault.number(footer.dataOffset()), "all ones, for a fixed disk");
    }
    if (vhd.copy().isPresent()) {
      wrong("copy at offset 0", "a second footer", "none, for a fixed disk");
    }
  }

  private void dynamic() throws IOException {
    if (vhd.copy().isEmpty()) {
      wrong("copy at offset 0", "none", "a copy of the footer");
    } else if (vhd.footerOffset().isPresent() && !vhd.copyIdentical()) {
      wrong("copy at offset 0", "differs from the footer", "the same bytes");
    }
    if (vhd.headerProblem().isPresent()) {
      wrong.add(new Evidence("VHD header", vhd.headerProblem().get(), "a sound header"));
    } else if (vhd.header().isPresent()) {
      table(vhd.header().get());
    }
  }

  private void table(VhdDynamicHeader header) throws IOException {
    long size = vhd.file().size();
    long offset = header.tableOffset();
    if (offset < 0 || offset > size || header.maxTableEntries() > (size - offset) / ENTRY) {
      wrong.add(
          new Evidence(
              "VHD block allocation table",
              header.maxTableEntries() + " entries at offset " + Fault.number(offset),
              "inside the file's " + size + " bytes"));
      return;
    }
    if (header.maxTableEntries() > MAX_ENTRIES) {
      throw new LimitExceeded(
          vhd.file().describe(),
          "VHD header max table entries",
          Fault.NOWHERE,
          Fault.number(header.maxTableEntries()),
          "up to " + Fault.number(MAX_ENTRIES) + " for a table that is looked through");
    }
    long bitmap =
        Math.ceilDiv(Math.ceilDiv(header.blockSize(), (long) SECTOR * 8), SECTOR) * SECTOR;
    long block = bitmap + header.blockSize();
    long length = header.maxTableEntries() * ENTRY;
    for (long at = 0; at < length; at += CHUNK) {
      int chunk = (int) Math.min(CHUNK, length - at);
      ByteView entries =
          vhd.file().view("VHD block allocation table", offset + at, chunk, ByteOrder.BIG_ENDIAN);
      for (int i = 0; i < chunk; i += ENTRY) {
        long sector = entries.u32(i);
        if (sector != UNALLOCATED && (block > size || sector * SECTOR > size - block)) {
          wrong.add(
              new Evidence(
                  "VHD block allocation table entry " + (at + i) / ENTRY,
                  "a block at sector " + Fault.number(sector),
                  "blocks of " + block + " bytes inside the file's " + size));
          return;
        }
      }
    }
  }

  private void wrong(String field, String observed, String expected) {
    wrong.add(new Evidence("VHD footer " + field, observed, expected));
  }
}
