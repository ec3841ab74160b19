package io.diskwright.validate.linux;

import io.diskwright.guest.GuestVolume;
import io.diskwright.guest.boot.BootEntry;
import io.diskwright.guest.boot.BootSetup;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a Linux is started. */
public final class BootLoaderRules {

  private static final String NONE =
      "No boot loader's configuration was found, see linux.boot.config-present.";
  private static final List<String> BSD_LOADERS = List.of("boot/loader", "boot/loader.efi");
  private static final Pattern KERNEL_NAME =
      Pattern.compile("/dev/(sd[a-z]|hd[a-z]|xvd[a-z]|nvme[0-9]|mmcblk[0-9]|disk/by-(id|path)/).*");
  private static final Pattern VIRTIO_NAME = Pattern.compile("/dev/vd[a-z].*");

  private BootLoaderRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of(
        Rule.ofFiles("linux.boot.config-present", BootLoaderRules::configPresent),
        Rule.ofFiles("linux.boot.config-valid", BootLoaderRules::configValid),
        Rule.ofFiles("linux.boot.root-arg-resolves", BootLoaderRules::rootResolves),
        Rule.ofFiles("linux.boot.root-arg-stable", BootLoaderRules::rootStable),
        Rule.ofFiles("linux.boot.cmdline-hazards", BootLoaderRules::hazards),
        Rule.ofFiles("linux.boot.serial-console", BootLoaderRules::serialConsole));
  }

  private static Outcome configPresent(GuestFacts facts) throws IOException {
    if (facts.os().family() == OsFamily.FREEBSD) {
      for (String path : BSD_LOADERS) {
        if (facts.files().isFile(path)) {
          return Outcome.pass("The loader of FreeBSD is /" + path + ".");
        }
      }
      return Outcome.fail(
          "The loader of FreeBSD is missing.", new Evidence("/boot/loader", "absent", "a program"));
    }
    Optional<BootSetup> boot = facts.boot();
    if (boot.isPresent()) {
      return Outcome.pass(
          "The configuration of " + boot.get().loader() + " is " + boot.get().path() + ".");
    }
    if (facts.files().isFile("etc/lilo.conf") && facts.files().isFile("boot/map")) {
      return Outcome.pass("The configuration of LILO is /etc/lilo.conf.").derived();
    }
    if (facts
        .os()
        .distribution()
        .filter(d -> d.equals("coreos") || d.equals("flatcar"))
        .isPresent()) {
      return Outcome.unknown("The loader of CoreOS lies on its EFI system partition.");
    }
    return Outcome.fail(
        "There is no boot loader's configuration.",
        new Evidence("/boot/grub, /boot/grub2, /boot/loader, /boot/extlinux", "none", "one"));
  }

  private static Outcome configValid(GuestFacts facts) throws IOException {
    Optional<BootSetup> boot = facts.boot();
    if (boot.isEmpty()) {
      return Outcome.unknown(NONE);
    }
    BootSetup setup = boot.get();
    if (setup.entries().isEmpty()) {
      return Outcome.fail(
          "The boot menu has no entries.", new Evidence(setup.path(), "no entry", "at least one"));
    }
    if (setup.defaultEntry().isEmpty()) {
      return Outcome.fail(
          "The default of the boot menu is not there: " + setup.problem() + ".",
          new Evidence(setup.path(), setup.defaultName(), "an entry of the menu"));
    }
    List<Evidence> grave = new ArrayList<>();
    missing(facts, setup.defaultEntry().get(), grave);
    List<Evidence> mild = new ArrayList<>();
    for (BootEntry entry : setup.entries()) {
      if (!entry.equals(setup.defaultEntry().get())
          && !entry.kernel().isEmpty()
          && mild.size() < 20) {
        missing(facts, entry, mild);
      }
    }
    if (!grave.isEmpty()) {
      return Outcome.fail("The default entry of the boot menu starts what is not there.", grave);
    }
    return mild.isEmpty()
        ? Outcome.pass(
            "The default entry '" + setup.defaultEntry().get().title() + "' starts what is there.")
        : Outcome.fail("Other entries of the boot menu start what is not there.", mild)
            .atMost(Severity.WARNING);
  }

  private static void missing(GuestFacts facts, BootEntry entry, List<Evidence> into)
      throws IOException {
    if (entry.kernel().isEmpty()) {
      into.add(new Evidence(entry.where(), "no kernel", "a kernel"));
      return;
    }
    List<String> paths = new ArrayList<>(List.of(entry.kernel()));
    paths.addAll(entry.initrds());
    for (String path : paths) {
      if (!path.contains("$") && BootFiles.find(facts.files(), path).isEmpty()) {
        into.add(new Evidence(entry.where(), path, "a file"));
      }
    }
    if (!entry.volumeUuid().isEmpty() && find(facts, "UUID=" + entry.volumeUuid()).isEmpty()) {
      into.add(
          new Evidence(entry.where(), "search " + entry.volumeUuid(), "a volume of this disk"));
    }
  }

  private static Optional<GuestVolume> find(GuestFacts facts, String spec) {
    return facts.guest().volume(spec);
  }

  private static Optional<Outcome> undecided(GuestFacts facts) throws IOException {
    Optional<BootSetup> boot = facts.boot();
    if (facts.os().family() == OsFamily.FREEBSD) {
      return Optional.of(Outcome.notApplicable("FreeBSD finds its root by /etc/fstab."));
    }
    if (boot.isEmpty()) {
      return Optional.of(Outcome.unknown(NONE));
    }
    return boot.get().defaultEntry().isEmpty()
        ? Optional.of(
            Outcome.unknown("Which entry is started is not known: " + boot.get().problem() + "."))
        : Optional.empty();
  }

  private static BootEntry entry(GuestFacts facts) throws IOException {
    return facts.boot().flatMap(BootSetup::defaultEntry).orElseThrow();
  }

  private static Outcome rootResolves(GuestFacts facts) throws IOException {
    Optional<Outcome> undecided = undecided(facts);
    if (undecided.isPresent()) {
      return undecided.get();
    }
    BootEntry entry = entry(facts);
    String root = entry.option("root").replace("\"", "");
    if (root.isEmpty()) {
      return Outcome.fail(
          "The kernel is not told which volume the root is.",
          new Evidence(entry.where(), "no root=", "root=UUID=…"));
    }
    if (root.contains("$")) {
      return Outcome.unknown("The root is a variable of the loader: " + root);
    }
    Optional<GuestVolume> volume = find(facts, root);
    String own = facts.guest().roots().getFirst().volume().name();
    if (volume.isEmpty()) {
      boolean opaque = root.startsWith("/dev/md") || root.startsWith("/dev/mapper/");
      var evidence = new Evidence(entry.where(), "root=" + root, "a volume of this disk");
      return opaque && facts.guest().volumes().stream().allMatch(v -> v.partition().isPresent())
          ? Outcome.unknown("The root is " + root + ", which cannot be looked up.", evidence)
          : Outcome.fail("The kernel is told a root that is not on this disk.", evidence);
    }
    if (!volume.get().name().equals(own)) {
      return Outcome.fail(
          "The kernel is told another volume than the root.",
          new Evidence(entry.where(), "root=" + root + ", " + volume.get().name(), own));
    }
    String resume = entry.option("resume");
    return resume.isEmpty() || resume.contains("$") || find(facts, resume).isPresent()
        ? Outcome.pass("The kernel is told the root by " + root + ".")
        : Outcome.fail(
                "The kernel is told to resume from a volume that is not on this disk.",
                new Evidence(entry.where(), "resume=" + resume, "a volume of this disk"))
            .atMost(Severity.WARNING);
  }

  private static Outcome rootStable(GuestFacts facts) throws IOException {
    Optional<Outcome> undecided = undecided(facts);
    if (undecided.isPresent()) {
      return undecided.get();
    }
    BootEntry entry = entry(facts);
    String root = entry.option("root");
    var evidence = new Evidence(entry.where(), "root=" + root, "root=UUID=…");
    if (KERNEL_NAME.matcher(root).matches()) {
      return Outcome.fail("The kernel is told the root by a device name.", evidence);
    }
    if (VIRTIO_NAME.matcher(root).matches()) {
      return Outcome.fail("The kernel is told the root by a name of virtio.", evidence)
          .atMost(Severity.WARNING);
    }
    for (String path :
        List.of("etc/default/grub", "etc/sysconfig/bootloader", "etc/kernel/cmdline")) {
      Optional<String> line =
          facts
              .files()
              .text(path)
              .flatMap(t -> Lines.first(t, "^[^#]*\\broot=/dev/[shx]?v?d[a-z].*$", 0));
      if (line.isPresent()) {
        return Outcome.fail(
                "The next configuration of the loader would name the root by a device.",
                new Evidence("/" + path, line.get().strip(), "root=UUID=…"))
            .atMost(Severity.WARNING);
      }
    }
    return Outcome.pass("The kernel is told the root by a name that stays the same.");
  }

  private static Outcome hazards(GuestFacts facts) throws IOException {
    Optional<Outcome> undecided = undecided(facts);
    if (undecided.isPresent()) {
      return undecided.get();
    }
    BootEntry entry = entry(facts);
    List<Evidence> grave = new ArrayList<>();
    List<Evidence> mild = new ArrayList<>();
    boolean console = false;
    boolean local = false;
    for (String word : entry.options().split("\\s+", -1)) {
      var evidence = new Evidence(entry.where(), word, "without");
      if (word.startsWith("modprobe.blacklist=") && word.contains("virtio")) {
        grave.add(evidence);
      } else if (isHazard(word)) {
        mild.add(evidence);
      }
      console |= word.startsWith("console=");
      local |= word.startsWith("console=tty0") || word.startsWith("console=ttyS");
    }
    if (console && !local) {
      mild.add(new Evidence(entry.where(), "console= of another machine only", "tty0 or ttyS0"));
    }
    if (!grave.isEmpty()) {
      return Outcome.fail("The kernel is told not to load the drivers it needs.", grave)
          .atLeast(Severity.ERROR);
    }
    return mild.isEmpty()
        ? Outcome.pass("The kernel's options hold nothing that stands in the way.")
        : Outcome.fail("The kernel's options hold what may stand in the way.", mild);
  }

  private static boolean isHazard(String word) {
    boolean address =
        word.startsWith("ip=") && !word.matches("ip=(dhcp|auto|on|any|:::::\\w*:dhcp.*|\\w+:dhcp)");
    return address
        || word.equals("enforcing=1")
        || word.equals("cloud-init=disabled")
        || word.startsWith("ds=nocloud")
        || word.startsWith("ci.ds=")
        || word.equals("rd.break")
        || word.equals("single")
        || word.equals("init=/bin/sh")
        || word.equals("init=/bin/bash")
        || word.equals("8250.nr_uarts=0")
        || word.equals("fsck.mode=skip")
        || word.equals("systemd.unit=rescue.target")
        || word.equals("systemd.unit=emergency.target");
  }

  private static Outcome serialConsole(GuestFacts facts) throws IOException {
    Optional<Outcome> undecided = undecided(facts);
    if (undecided.isPresent()) {
      return undecided.get();
    }
    BootEntry entry = entry(facts);
    return entry.options().toLowerCase(Locale.ROOT).contains("console=ttys0")
        ? Outcome.pass("The kernel writes to the first serial port.")
        : Outcome.fail(
            "The kernel does not write to the first serial port.",
            new Evidence(entry.where(), entry.options(), "console=ttyS0"));
  }
}
