package io.diskwright.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the volume that a name in /etc/fstab means. */
final class DeviceResolver {

  private final Map<String, List<GuestVolume>> byName = new HashMap<>();
  private final Map<Integer, GuestVolume> byNumber = new HashMap<>();
  private final Optional<String> alias;

  /**
   * Resolves names of a guest's volumes.
   *
   * @param rootSpec what /etc/fstab mounts at {@code /}; empty when it mounts nothing there
   * @param root the volume that /etc/fstab lies in
   */
  DeviceResolver(List<GuestVolume> volumes, Optional<String> rootSpec, GuestVolume root) {
    for (GuestVolume volume : volumes) {
      for (String name : volume.deviceNames()) {
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(volume);
      }
      volume.partition().ifPresent(partition -> byNumber.put(partition.number(), volume));
    }
    this.alias = rootSpec.flatMap(spec -> alias(spec, root));
  }

  /**
   * The root's own line tells how the guest calls this disk, be it {@code /dev/xvde} or a model's
   * name under {@code /dev/disk/by-id}.
   */
  private static Optional<String> alias(String spec, GuestVolume root) {
    return DeviceNames.partitionName(spec)
        .filter(name -> root.partition().filter(p -> p.number() == name.number()).isPresent())
        .map(DeviceNames.PartitionName::disk);
  }

  /**
   * What a name means.
   *
   * @param volume empty when it is no volume of this disk, or not a single one
   * @param reason why it is empty
   */
  record Resolved(Optional<GuestVolume> volume, String reason) {
    private static Resolved no(String reason) {
      return new Resolved(Optional.empty(), reason);
    }
  }

  Resolved resolve(String spec) {
    String name = DeviceNames.canonical(spec);
    List<GuestVolume> named = byName.getOrDefault(name, List.of());
    if (named.size() == 1) {
      return new Resolved(Optional.of(named.getFirst()), "");
    }
    if (named.size() > 1) {
      return Resolved.no(named.size() + " volumes of this disk have that name");
    }
    Optional<DeviceNames.PartitionName> partition = DeviceNames.partitionName(spec);
    if (partition.isPresent() && alias.equals(Optional.of(partition.get().disk()))) {
      GuestVolume volume = byNumber.get(partition.get().number());
      if (volume != null) {
        return new Resolved(Optional.of(volume), "");
      }
    }
    if (name.contains("UUID=") || name.contains("LABEL=")) {
      return Resolved.no("no volume of this disk has it");
    }
    if (name.startsWith("/dev/")) {
      return Resolved.no("a device that is not known to be on this disk");
    }
    return Resolved.no("not a device");
  }
}
