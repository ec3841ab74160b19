package io.diskwright.validate.linux;

import io.diskwright.guest.FstabEntry;
import io.diskwright.guest.GuestVolume;
import io.diskwright.guest.Mount;
import io.diskwright.guest.MountTable;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What /etc/fstab mounts. */
final class FstabRules {

  private static final String FSTAB = "etc/fstab";
  private static final Set<String> VIRTUAL =
      Set.of(
          "proc",
          "sysfs",
          "tmpfs",
          "devpts",
          "devtmpfs",
          "cgroup",
          "cgroup2",
          "debugfs",
          "securityfs",
          "configfs",
          "usbfs",
          "usbdevfs",
          "binfmt_misc",
          "hugetlbfs",
          "mqueue",
          "pstore",
          "overlay",
          "none",
          "procfs",
          "fdescfs",
          "linprocfs",
          "linsysfs");
  private static final Set<String> FOREIGN =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smbfs",
          "smb3",
          "vboxsf",
          "sshfs",
          "fuse.sshfs",
          "9p",
          "virtiofs",
          "glusterfs",
          "ceph",
          "vmhgfs",
          "fuse.vmhgfs-fuse",
          "ncpfs",
          "afs");
  private static final Set<String> GRAVE = Set.of("/", "/boot", "/usr", "/var", "/boot/efi");
  private static final Pattern KERNEL_NAME =
      Pattern.compile(
          "/dev/(sd[a-z]|hd[a-z]|xvd[a-z]|nvme[0-9]|mmcblk[0-9]|cciss/|ad[0-9]|ada[0-9]|da[0-9]).*");
  private static final Pattern VIRTIO_NAME = Pattern.compile("/dev/(vd[a-z]|vtbd[0-9]).*");
  private static final Pattern HARDWARE_NAME = Pattern.compile("/dev/disk/by-(id|path)/.*");
  private static final Pattern REMOVABLE =
      Pattern.compile(
          "/dev/(cdrom|dvd|sr[0-9]|scd[0-9]|hd[a-z]|fd[0-9]?|floppy|cd[0-9]|acd[0-9]).*");

  private FstabRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.config.fstab-syntax", FstabRules::syntax),
        Rule.ofFiles("linux.config.fstab-resolves", FstabRules::resolves),
        Rule.ofFiles("linux.config.fstab-stable-names", FstabRules::stableNames),
        Rule.ofFiles("linux.config.fstab-foreign-mounts", FstabRules::foreignMounts));
  }

  private static Outcome syntax(GuestFacts facts) throws IOException {
    if (!facts.files().exists(FSTAB)) {
      return Outcome.fail(
          "There is no /etc/fstab.", new Evidence("/etc/fstab", "absent", "an entry for /"));
    }
    Optional<String> text = facts.files().text(FSTAB);
    if (text.isEmpty()) {
      return Outcome.unknown("/etc/fstab could not be read.");
    }
    MountTable table = facts.guest().mounts();
    List<Evidence> grave = new ArrayList<>();
    List<Evidence> mild = new ArrayList<>();
    if (text.get().indexOf('\0') >= 0 || text.get().indexOf('\r') >= 0) {
      grave.add(new Evidence("/etc/fstab", "NUL or carriage return characters", "plain lines"));
    }
    for (String problem : table.problems()) {
      grave.add(new Evidence("/etc/fstab", problem, "4 to 6 fields"));
    }
    int roots = 0;
    for (Mount mount : written(table)) {
      FstabEntry entry = mount.entry();
      roots += entry.file().equals("/") ? 1 : 0;
      judgeFields(mount, grave, mild);
    }
    boolean mountsItself =
        facts.os().family() == OsFamily.LINUX && table.mounts().size() > written(table).size();
    if (roots == 0 && !mountsItself) {
      grave.add(new Evidence("/etc/fstab", "no entry for /", "one"));
    } else if (roots > 1) {
      grave.add(new Evidence("/etc/fstab", roots + " entries for /", "one"));
    }
    if (!grave.isEmpty()) {
      return Outcome.fail("/etc/fstab does not mount the system as it stands.", grave);
    }
    return mild.isEmpty()
        ? Outcome.pass("/etc/fstab has " + written(table).size() + " entries, all well formed.")
        : Outcome.fail("/etc/fstab has entries that do not fit.", mild).atMost(Severity.WARNING);
  }

  private static void judgeFields(Mount mount, List<Evidence> grave, List<Evidence> mild) {
    FstabEntry entry = mount.entry();
    if (!isNumber(entry.freq()) || !isNumber(entry.passno())) {
      grave.add(evidence(entry, entry.freq() + " " + entry.passno(), "numbers for dump and fsck"));
    }
    boolean swap = entry.vfstype().equals("swap");
    if (!entry.file().startsWith("/") && !entry.file().equals("none") && !swap) {
      grave.add(evidence(entry, entry.file(), "an absolute mount point"));
    }
    String found = mount.volume().map(GuestVolume::type).orElse("");
    if (!found.isEmpty() && !fits(entry.vfstype(), found)) {
      boolean tolerated = entry.vfstype().startsWith("ext") && found.startsWith("ext");
      (tolerated ? mild : grave).add(evidence(entry, entry.vfstype(), found + ", as it is"));
    }
  }

  private static boolean fits(String written, String found) {
    for (String type : written.split(",", -1)) {
      boolean same =
          type.equals("auto")
              || type.equals(found)
              || (type.equals("vfat") || type.equals("msdos") || type.equals("msdosfs"))
                  && found.equals("vfat")
              || type.equals("ext4") && found.startsWith("ext")
              || type.startsWith("ntfs") && found.equals("ntfs")
              || type.equals("fuseblk")
              || type.equals("swap") && found.equals("swsuspend");
      if (same) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNumber(String field) {
    return field.length() < 6 && field.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Outcome resolves(GuestFacts facts) throws IOException {
    List<Evidence> grave = new ArrayList<>();
    List<Evidence> mild = new ArrayList<>();
    List<Evidence> open = new ArrayList<>();
    for (Mount mount : written(facts.guest().mounts())) {
      FstabEntry entry = mount.entry();
      boolean automatic = !entry.mntops().contains("noauto");
      if (!namesDevice(entry) || mount.volume().isPresent()) {
        continue;
      }
      var evidence = evidence(entry, entry.spec(), "a volume of this disk");
      boolean needed = automatic && !entry.mntops().contains("nofail");
      if (isOpaque(facts, entry.spec())) {
        open.add(evidence);
      } else if (needed && !entry.vfstype().equals("swap") && !isRemovable(entry)) {
        grave.add(evidence);
      } else {
        mild.add(evidence);
      }
    }
    for (Mount mount : written(facts.guest().mounts())) {
      FstabEntry entry = mount.entry();
      boolean mounts = entry.file().startsWith("/") && !entry.mntops().contains("noauto");
      if (mounts && mount.volume().isPresent() && !facts.files().isDirectory(entry.file())) {
        // systemd makes the directory, older systems do not.
        mild.add(evidence(entry, entry.file() + " is no directory", "a directory"));
      }
    }
    if (!grave.isEmpty()) {
      return Outcome.fail("/etc/fstab mounts what is not on this disk.", grave);
    }
    if (!open.isEmpty()) {
      return Outcome.unknown(
          "/etc/fstab names " + open.getFirst().observed() + ", which cannot be looked up.",
          open.toArray(new Evidence[0]));
    }
    return mild.isEmpty()
        ? Outcome.pass("All that /etc/fstab mounts is on this disk.")
        : Outcome.fail("/etc/fstab names what is not there, without needing it to start.", mild)
            .atMost(Severity.WARNING);
  }

  private static boolean isOpaque(GuestFacts facts, String spec) {
    boolean lvm =
        spec.startsWith("/dev/mapper/")
            && facts.guest().volumes().stream().anyMatch(v -> v.type().equals("LVM2_member"))
            && facts.guest().volumes().stream().noneMatch(v -> v.partition().isEmpty());
    return lvm || spec.startsWith("/dev/md") || spec.startsWith("/dev/mapper/mpath");
  }

  private static Outcome stableNames(GuestFacts facts) throws IOException {
    List<Evidence> grave = new ArrayList<>();
    List<Evidence> mild = new ArrayList<>();
    for (Mount mount : written(facts.guest().mounts())) {
      FstabEntry entry = mount.entry();
      String spec = entry.spec();
      boolean bsd = facts.os().family() == OsFamily.FREEBSD;
      boolean kernelName = KERNEL_NAME.matcher(spec).matches();
      boolean hardware = HARDWARE_NAME.matcher(spec).matches();
      boolean virtio = VIRTIO_NAME.matcher(spec).matches();
      if (isRemovable(entry) && !GRAVE.contains(entry.file())
          || !kernelName && !hardware && !virtio) {
        continue;
      }
      var evidence = evidence(entry, spec + " on " + entry.file(), "UUID= or LABEL=");
      boolean breaks = !virtio && !bsd && GRAVE.contains(entry.file());
      (breaks ? grave : mild).add(evidence);
    }
    if (!grave.isEmpty()) {
      grave.addAll(mild);
      return Outcome.fail(
          "/etc/fstab mounts by device names, which the importer's machines do not have.", grave);
    }
    return mild.isEmpty()
        ? Outcome.pass("/etc/fstab mounts by names that stay the same.")
        : Outcome.fail("/etc/fstab mounts by device names, which may change.", mild)
            .atMost(Severity.WARNING);
  }

  private static Outcome foreignMounts(GuestFacts facts) throws IOException {
    List<Evidence> found = new ArrayList<>();
    for (Mount mount : written(facts.guest().mounts())) {
      FstabEntry entry = mount.entry();
      if (entry.mntops().contains("noauto") || entry.mntops().contains("nofail")) {
        continue;
      }
      String type = entry.vfstype();
      boolean foreign =
          FOREIGN.contains(type)
              || type.startsWith("fuse.")
              || entry.mntops().contains("_netdev")
              || isRemovable(entry) && mount.volume().isEmpty();
      boolean otherDisk =
          namesDevice(entry) && mount.volume().isEmpty() && isOtherDisk(entry.spec());
      if (foreign || otherDisk) {
        found.add(
            evidence(
                entry, entry.spec() + " on " + entry.file() + " as " + type, "nofail or none"));
      }
    }
    return found.isEmpty()
        ? Outcome.pass("/etc/fstab mounts nothing from elsewhere.")
        : Outcome.fail("/etc/fstab mounts what will not be there after the import.", found);
  }

  private static boolean isOtherDisk(String spec) {
    return Pattern.matches("/dev/(sd|vd|xvd|hd)[b-z].*|/dev/nvme[1-9].*", spec);
  }

  private static boolean isRemovable(FstabEntry entry) {
    return REMOVABLE.matcher(entry.spec()).matches()
        && (entry.vfstype().contains("iso9660")
            || entry.vfstype().contains("udf")
            || entry.vfstype().equals("cd9660")
            || entry.spec().startsWith("/dev/f")
            || entry.spec().startsWith("/dev/cd"));
  }

  /** Whether an entry wants a device of this machine. */
  private static boolean namesDevice(FstabEntry entry) {
    return !VIRTUAL.contains(entry.vfstype())
        && !FOREIGN.contains(entry.vfstype())
        && !entry.vfstype().startsWith("fuse.")
        && !entry.mntops().contains("bind")
        && !entry.mntops().contains("rbind")
        && (entry.spec().startsWith("/dev/")
            || entry.spec().contains("UUID=")
            || entry.spec().contains("LABEL="));
  }

  private static List<Mount> written(MountTable table) {
    return table.mounts().stream().filter(m -> m.entry().line() > 0).toList();
  }

  private static Evidence evidence(FstabEntry entry, String observed, String expected) {
    return new Evidence("/etc/fstab:" + entry.line(), observed, expected);
  }
}
