package io.diskwright.validate.linux;

import io.diskwright.guest.kernel.KernelModules;
import io.diskwright.guest.kernel.KernelModules.Place;
import io.diskwright.guest.os.GuestReader;
import io.diskwright.guest.os.OsFamily;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.GuestFacts;
import io.diskwright.validate.rule.Outcome;
import io.diskwright.validate.rule.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the kernel has the drivers of the importer's machines. */
public final class DriverRules {

  /** A driver by its module and the option that builds it in. */
  private record Driver(String module, String option) {}

  private static final Driver VIRTIO_BLK = new Driver("virtio_blk", "VIRTIO_BLK");
  private static final Driver VIRTIO_SCSI = new Driver("virtio_scsi", "SCSI_VIRTIO");
  private static final Driver VIRTIO_NET = new Driver("virtio_net", "VIRTIO_NET");
  private static final Driver VIRTIO_PCI = new Driver("virtio_pci", "VIRTIO_PCI");
  private static final Driver XEN_BLK = new Driver("xen_blkfront", "XEN_BLKDEV_FRONTEND");
  private static final Driver XEN_NET = new Driver("xen_netfront", "XEN_NETDEV_FRONTEND");
  private static final Driver NVME = new Driver("nvme", "BLK_DEV_NVME");
  private static final Map<String, List<Driver>> EXTRA =
      Map.of(
          "hyperv",
          List.of(
              new Driver("hv_vmbus", "HYPERV"),
              new Driver("hv_storvsc", "HYPERV_STORAGE"),
              new Driver("hv_netvsc", "HYPERV_NET")),
          "ena",
          List.of(new Driver("ena", "ENA_ETHERNET")),
          "nvme",
          List.of(NVME),
          "xen",
          List.of(XEN_BLK));
  private static final String NO_KERNEL = "No kernel is known that is started.";

  private DriverRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return Stream.concat(KernelRules.all().stream(), ownRules().stream()).toList();
  }

  private static List<Rule> ownRules() {
    return List.of(
        Rule.ofFiles("linux.driver.kvm-virtio", DriverRules::virtio),
        Rule.ofFiles("linux.driver.kvm-virtio-initramfs", DriverRules::virtioInitramfs),
        Rule.ofFiles("linux.driver.xen", DriverRules::xen),
        Rule.ofFiles("linux.driver.xen-initramfs", DriverRules::xenInitramfs),
        Rule.ofFiles("linux.driver.nvme", DriverRules::nvme),
        Rule.ofFiles("linux.driver.profile-extra", DriverRules::extra),
        Rule.ofFiles("linux.driver.fw-cfg", DriverRules::fwCfg),
        Rule.ofFiles("linux.driver.not-blacklisted", DriverRules::notBlacklisted));
  }

  private static Driver disk(GuestFacts facts) {
    return facts.profile().name().equals("gcp") ? VIRTIO_SCSI : VIRTIO_BLK;
  }

  private static Outcome virtio(GuestFacts facts) throws IOException {
    if (facts.os().family() == OsFamily.FREEBSD) {
      return freeBsd(facts, "virtio", List.of("virtio_pci", "virtio_blk", "if_vtnet"));
    }
    return installed(facts, "KVM", List.of(disk(facts), VIRTIO_PCI, VIRTIO_NET));
  }

  private static Outcome xen(GuestFacts facts) throws IOException {
    if (facts.os().family() == OsFamily.FREEBSD) {
      return freeBsd(facts, "xen", List.of("xenhvm"));
    }
    Optional<BootKernel> boot = BootKernel.of(facts);
    if (boot.isPresent()) {
      KernelModules modules = boot.get().modules();
      boolean old =
          modules.place(facts.files(), "xen_vbd", "") == Place.MODULE
              && modules.place(facts.files(), "xen_vnif", "") == Place.MODULE;
      if (old) {
        return Outcome.pass("The kernel has Xen's drivers as modules of Red Hat 5.");
      }
    }
    return installed(facts, "Xen", List.of(XEN_BLK, XEN_NET));
  }

  /** The generic kernel has both built in since FreeBSD 10. */
  private static Outcome freeBsd(GuestFacts facts, String what, List<String> modules)
      throws IOException {
    boolean all = true;
    for (String module : modules) {
      all &= facts.files().isFile("boot/kernel/" + module + ".ko");
    }
    String loader = facts.files().text("boot/loader.conf").orElse("");
    if (all && loader.contains(what + "_load=\"YES\"")) {
      return Outcome.pass("The loader loads the drivers of " + what + ".");
    }
    return Outcome.unknown(
        facts.os().major().orElse(0) >= 10
            ? "FreeBSD "
                + facts.os().major().getAsInt()
                + " has "
                + what
                + " in its generic kernel;"
                + " whether this kernel is that one is not told."
            : "Whether the kernel has the drivers of " + what + " is not told.");
  }

  private static Outcome installed(GuestFacts facts, String machine, List<Driver> drivers)
      throws IOException {
    Optional<BootKernel> boot = BootKernel.of(facts);
    if (boot.isEmpty()) {
      return Outcome.unknown(NO_KERNEL);
    }
    KernelModules modules = boot.get().modules();
    if (!modules.known()) {
      return Outcome.unknown(
          "Neither the configuration nor the modules of kernel "
              + boot.get().kernel().version()
              + " are there.");
    }
    Map<String, Place> places = new LinkedHashMap<>();
    for (Driver driver : drivers) {
      places.put(driver.module(), modules.place(facts.files(), driver.module(), driver.option()));
    }
    List<Evidence> missing =
        places.entrySet().stream()
            .filter(e -> e.getValue() == Place.ABSENT)
            .map(e ->
                new Evidence(
                    "/lib/modules/" + boot.get().kernel().version(),
                    "no " + e.getKey(),
                    "built in or a module"))
            .toList();
    return missing.isEmpty()
        ? Outcome.pass(
            "The kernel has the drivers of "
                + machine
                + ": "
                + String.join(", ", places.keySet())
                + ".")
        : Outcome.fail("The kernel lacks drivers of " + machine + ".", missing);
  }

  private static Outcome virtioInitramfs(GuestFacts facts) throws IOException {
    return inInitramfs(facts, "KVM", List.of(disk(facts), VIRTIO_PCI));
  }

  private static Outcome xenInitramfs(GuestFacts facts) throws IOException {
    return inInitramfs(facts, "Xen", List.of(XEN_BLK));
  }

  private static Outcome inInitramfs(GuestFacts facts, String machine, List<Driver> drivers)
      throws IOException {
    Optional<BootKernel> found = BootKernel.of(facts);
    if (found.isEmpty()) {
      return Outcome.unknown(NO_KERNEL);
    }
    BootKernel boot = found.get();
    if (!boot.modules().known()) {
      return Outcome.unknown("What the kernel has built in is not known.");
    }
    List<Evidence> missing = new ArrayList<>();
    boolean needed = false;
    for (Driver driver : drivers) {
      Place place = boot.modules().place(facts.files(), driver.module(), driver.option());
      if (place == Place.BUILTIN) {
        continue;
      }
      needed = true;
      if (boot.initramfs().isPresent()) {
        List<String> names = new ArrayList<>(boot.modules().closure(driver.module()));
        names.sort(null);
        for (String name : names) {
          if (!boot.initramfs().get().hasModule(name)) {
            missing.add(
                new Evidence("/" + boot.initramfsPath(), "no " + name, "the module " + name));
          }
        }
      }
    }
    if (!needed) {
      return Outcome.pass("The drivers of " + machine + "'s disks are built in.");
    }
    if (boot.initramfs().isEmpty()) {
      return boot.initramfsPath().isEmpty()
          ? Outcome.fail(
              "The drivers of " + machine + "'s disks are modules, and there is no initramfs.",
              new Evidence("/boot", "no initramfs", "one with the drivers"))
          : Outcome.unknown("/" + boot.initramfsPath() + " is not read: " + boot.problem() + ".");
    }
    return missing.isEmpty()
        ? Outcome.pass("The initramfs has the drivers of " + machine + "'s disks.")
        : Outcome.fail("The initramfs lacks drivers of " + machine + "'s disks.", missing);
  }

  private static Outcome nvme(GuestFacts facts) throws IOException {
    Outcome installed = installed(facts, "NVMe", List.of(NVME));
    if (installed.status() != Status.PASS) {
      return installed;
    }
    Outcome packed = inInitramfs(facts, "NVMe", List.of(NVME));
    if (packed.status() != Status.PASS) {
      return packed;
    }
    boolean current = facts.profile().name().equals("alibaba-current");
    boolean patient =
        facts.bootOptions().contains("nvme_core.io_timeout=")
            || facts.bootOptions().contains("nvme.io_timeout=");
    return !current || patient
        ? packed
        : Outcome.fail(
                "The kernel is not told to wait for slow NVMe disks.",
                new Evidence(
                    "the kernel's options",
                    "no nvme_core.io_timeout",
                    "nvme_core.io_timeout=4294967295"))
            .atMost(Severity.WARNING);
  }

  private static Outcome extra(GuestFacts facts) throws IOException {
    List<Driver> drivers = new ArrayList<>();
    for (String machine : facts.profile().guest().drivers()) {
      drivers.addAll(EXTRA.getOrDefault(machine, List.of()));
    }
    if (drivers.isEmpty()) {
      return Outcome.notApplicable("The profile asks for no other drivers.");
    }
    Outcome installed = installed(facts, facts.profile().name(), drivers);
    boolean early = facts.profile().guest().drivers().contains("hyperv");
    return installed.status() == Status.PASS && early
        ? inInitramfs(facts, "Hyper-V", EXTRA.getOrDefault("hyperv", List.of()))
        : installed;
  }

  private static Outcome fwCfg(GuestFacts facts) throws IOException {
    Optional<BootKernel> boot = BootKernel.of(facts);
    if (boot.isEmpty() || !boot.get().modules().known()) {
      return Outcome.unknown("What the kernel has is not known.");
    }
    Place place = boot.get().modules().place(facts.files(), "qemu_fw_cfg", "FW_CFG_SYSFS");
    return place == Place.ABSENT
        ? Outcome.fail(
            "The kernel cannot read what the importer passes to a machine through fw_cfg.",
            new Evidence("/boot/config", "no FW_CFG_SYSFS", "built in or a module"))
        : Outcome.pass("The kernel reads fw_cfg.");
  }

  private static Outcome notBlacklisted(GuestFacts facts) throws IOException {
    GuestReader files = facts.files();
    List<String> paths = new ArrayList<>(List.of("etc/modprobe.conf"));
    for (String directory : List.of("etc/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d")) {
      for (String name : files.names(directory, n -> n.endsWith(".conf") || !n.contains("."))) {
        paths.add(directory + "/" + name);
      }
    }
    List<Evidence> found = new ArrayList<>();
    for (String path : paths) {
      int number = 0;
      for (String line : (Iterable<String>) files.text(path).orElse("").lines()::iterator) {
        number++;
        String[] words = line.strip().split("\\s+", 4);
        boolean virtio = words.length > 1 && words[1].replace('-', '_').startsWith("virtio");
        boolean off =
            words[0].equals("blacklist")
                || words[0].equals("install")
                    && words.length > 2
                    && (words[2].endsWith("/true") || words[2].endsWith("/false"));
        if (virtio && off && !words[1].contains("gpu") && !words[1].contains("balloon")) {
          found.add(new Evidence("/" + path + ":" + number, line.strip(), "no such line"));
        }
      }
    }
    return found.isEmpty()
        ? Outcome.pass("No driver of virtio is kept from loading.")
        : Outcome.fail("A driver of virtio is kept from loading.", found);
  }
}
