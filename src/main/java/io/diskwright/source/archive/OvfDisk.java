package io.diskwright.source.archive;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import io.diskwright.io.LimitExceeded;
import io.diskwright.io.UnsupportedFeature;
import java.util.OptionalLong;

/**
 * A disk of an OVF's DiskSection, its fields named as its attributes.
 *
 * @param source the descriptor, for messages
 * @param diskId the disk's name in the descriptor
 * @param fileRef the id of the file that holds its content; empty for an empty disk
 * @param capacity the size of the disk in units
 * @param capacityAllocationUnits those units
 * @param parentRef the id of the disk to which this holds only changes; empty for none
 */
record OvfDisk(
    String source,
    String diskId,
    String fileRef,
    String capacity,
    String capacityAllocationUnits,
    String parentRef) {

  /** Whether anything is stored of it. */
  boolean hasFile() {
    return !fileRef.isEmpty();
  }

  /**
   * The size of the disk in bytes; empty when the descriptor leaves it to be chosen on deployment.
   *
   * @throws ImageException when it is no size
   */
  OptionalLong bytes() throws ImageException {
    String text = capacity.strip();
    if (text.isEmpty() || text.startsWith("${")) {
      return OptionalLong.empty();
    }
    OptionalLong unit = AllocationUnits.bytes(capacityAllocationUnits);
    if (unit.isEmpty()) {
      throw new UnsupportedFeature(
          source,
          "OVF Disk capacityAllocationUnits",
          Fault.NOWHERE,
          Member.shown(capacityAllocationUnits),
          "byte, or a multiple of it as 'byte * 2^30'");
    }
    if (!text.matches("\\d{1,19}")) {
      throw new CorruptImage(
          source, "OVF Disk capacity", Fault.NOWHERE, Member.shown(capacity), "a number");
    }
    OptionalLong result =
        text.compareTo("9223372036854775807") > 0 && text.length() == 19
            ? OptionalLong.empty()
            : AllocationUnits.times(Long.parseLong(text), unit);
    if (result.isEmpty()) {
      throw new LimitExceeded(
          source,
          "OVF Disk capacity",
          Fault.NOWHERE,
          Member.shown(capacity + " x " + capacityAllocationUnits),
          "below 2^63 bytes");
    }
    return result;
  }

  /** One line for lists of disks. */
  String shown() {
    String units = capacityAllocationUnits.isEmpty() ? "bytes" : capacityAllocationUnits;
    return Member.shown(diskId)
        + " ("
        + Fault.printable(size(units))
        + (hasFile() ? "" : ", empty")
        + ")";
  }

  private String size(String units) {
    try {
      OptionalLong bytes = bytes();
      return bytes.isPresent() ? Fault.number(bytes.getAsLong()) + " bytes" : "any size";
    } catch (ImageException e) {
      return Member.shown(capacity + " " + units);
    }
  }
}
