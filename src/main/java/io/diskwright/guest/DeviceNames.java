package io.diskwright.guest;

import io.diskwright.volume.Partition;
import io.diskwright.volume.VolumeContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names by which a guest calls its volumes. */
final class DeviceNames {

  /** The first disk of each of Linux's drivers, and the most that comes before a partition. */
  private static final List<String> LINUX_DISKS =
      List.of("sda", "vda", "xvda", "hda", "nvme0n1", "mmcblk0");

  /** The first disk of each of FreeBSD's drivers. */
  private static final List<String> FREEBSD_DISKS =
      List.of("ada0", "da0", "vtbd0", "ad0", "nvd0", "nda0", "xbd0");

  private static final Map<String, String> LINKS =
      Map.of(
          "/dev/disk/by-uuid/", "UUID=",
          "/dev/disk/by-label/", "LABEL=",
          "/dev/disk/by-partuuid/", "PARTUUID=",
          "/dev/disk/by-partlabel/", "PARTLABEL=",
          "/dev/gpt/", "PARTLABEL=",
          "/dev/gptid/", "PARTUUID=",
          "/dev/ufs/", "LABEL=",
          "/dev/ufsid/", "UUID=",
          "/dev/msdosfs/", "LABEL=",
          "/dev/ext2fs/", "LABEL=");

  private static final Pattern TAG =
      Pattern.compile("(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PARTITION =
      Pattern.compile("(/dev/(?:[a-z]+|.*[0-9]p|disk/by-.*-part))([0-9]{1,4})");

  private DeviceNames() {}

  /** Names of the whole disk. */
  static List<String> ofDisk() {
    List<String> names = new ArrayList<>();
    LINUX_DISKS.forEach(disk -> names.add("/dev/" + disk));
    FREEBSD_DISKS.forEach(disk -> names.add("/dev/" + disk));
    return names;
  }

  /** Names of a partition. */
  static List<String> ofPartition(Partition partition) {
    List<String> names = new ArrayList<>();
    int number = partition.number();
    for (String disk : LINUX_DISKS) {
      boolean endsInDigit = Character.isDigit(disk.charAt(disk.length() - 1));
      names.add("/dev/" + disk + (endsInDigit ? "p" : "") + number);
    }
    String sign = partition.kind() == Partition.Kind.GPT ? "p" : "s";
    FREEBSD_DISKS.forEach(disk -> names.add("/dev/" + disk + sign + number));
    return names;
  }

  /** Names of a logical volume. */
  static List<String> ofLogicalVolume(String group, String volume) {
    return List.of(
        "/dev/mapper/" + group.replace("-", "--") + "-" + volume.replace("-", "--"),
        "/dev/" + group + "/" + volume);
  }

  /** Names that content and partition give, in the form of {@link #canonical}. */
  static List<String> ofTags(Optional<VolumeContent> content, String partUuid, String partLabel) {
    List<String> names = new ArrayList<>();
    add(names, "UUID=", content.map(VolumeContent::uuid).orElse(""));
    add(names, "LABEL=", content.map(VolumeContent::label).orElse(""));
    add(names, "PARTUUID=", partUuid);
    add(names, "PARTLABEL=", partLabel);
    return names;
  }

  private static void add(List<String> names, String tag, String value) {
    if (!value.isEmpty()) {
      names.add(canonical(tag + value));
    }
  }

  /** A name in the form that volumes have in their lists. */
  static String canonical(String spec) {
    for (Map.Entry<String, String> link : LINKS.entrySet()) {
      if (spec.startsWith(link.getKey())) {
        return canonical(link.getValue() + decodeUdev(spec.substring(link.getKey().length())));
      }
    }
    Matcher tag = TAG.matcher(spec);
    if (tag.matches()) {
      String name = tag.group(1).toUpperCase(Locale.ROOT);
      boolean isUuid = name.endsWith("UUID");
      return name + "=" + (isUuid ? tag.group(2).toLowerCase(Locale.ROOT) : tag.group(2));
    }
    return spec;
  }

  /** What comes before the number of a partition in a device's name, and the number. */
  record PartitionName(String disk, int number) {}

  /** Takes the name of a partition's device apart. */
  static Optional<PartitionName> partitionName(String spec) {
    Matcher matcher = PARTITION.matcher(spec);
    return matcher.matches()
        ? Optional.of(new PartitionName(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** udev writes what it does not like in a link's name as {@code \x20}. */
  private static String decodeUdev(String name) {
    if (!name.contains("\\x")) {
      return name;
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = hex(bytes, i + 2);
      int low = hex(bytes, i + 3);
      if (bytes[i] == '\\'
          && i + 3 < bytes.length
          && bytes[i + 1] == 'x'
          && high >= 0
          && low >= 0) {
        decoded[length++] = (byte) (high << 4 | low);
        i += 3;
      } else {
        decoded[length++] = bytes[i];
      }
    }
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }

  private static int hex(byte[] bytes, int at) {
    return at < bytes.length ? Character.digit(bytes[at], 16) : -1;
  }
}
