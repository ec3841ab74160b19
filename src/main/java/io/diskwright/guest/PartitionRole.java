package io.diskwright.guest;

import io.diskwright.volume.Partition;
import java.util.List;

/** What a partition's type says it is for, where that matters more than its content. */
public enum PartitionRole {
  /** The EFI system partition. */
  EFI_SYSTEM("ef", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"),
  /** Where GRUB 2 keeps its core image on a GPT disk. */
  BIOS_BOOT("21686148-6449-6E6F-744E-656564454649"),
  /** The boot partition of PowerPC machines. */
  PREP("41", "9E1A2D38-C612-4316-AA26-8B49521E5A8B"),
  /** Microsoft's reserved partition, which holds nothing. */
  MICROSOFT_RESERVED("E3C9E316-0B5C-4DB8-817D-F92DF00215AE"),
  /** A physical volume of LVM. */
  LVM("8e", "E6D6D379-F507-44C2-A23C-238F2A3DF928"),
  /** A member of a Linux software RAID. */
  RAID("fd", "A19D880F-05FC-4D3B-A006-743F0F84911E"),
  /** Linux swap space. */
  SWAP("82", "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"),
  /** A part of a Windows dynamic disk: its database or its data. */
  DYNAMIC_DISK(
      "42", "5808C8AA-7E8F-42E0-85D2-E1E90434CFB3", "AF9B60A0-1431-4F62-BC68-3311714A69AD"),
  /** A part of a Windows storage space. */
  STORAGE_SPACE("E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D"),
  /** One of the two /usr partitions by which CoreOS updates itself. */
  COREOS_USR("5DFBF5F4-2848-4BAC-AA5E-0D9A20B745A6"),
  /** Any other: the content tells. */
  OTHER();

  private final List<String> types;

  PartitionRole(String... types) {
    this.types = List.of(types);
  }

  /** The role of a partition. */
  public static PartitionRole of(Partition partition) {
    for (PartitionRole role : values()) {
      if (role.types.contains(partition.type())) {
        return role;
      }
    }
    return OTHER;
  }

  /** Whether it helps to start a machine, or is a placeholder, and holds no system. */
  public boolean isHelper() {
    return this == EFI_SYSTEM || this == BIOS_BOOT || this == PREP || this == MICROSOFT_RESERVED;
  }
}
