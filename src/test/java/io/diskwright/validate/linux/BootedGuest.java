package io.diskwright.validate.linux;

import io.diskwright.guest.TestGuest;
import io.diskwright.guest.kernel.Cpio;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A Debian with a kernel, its modules, an initramfs and a boot menu. */
public final class BootedGuest {

  static final String VERSION = "6.1.0-18-amd64";
  static final String ROOT = "UUID=" + TestGuest.ROOT_UUID;

  private BootedGuest() {}

  /** The guest. */
  public static TestGuest debian() {
    String modules = "usr/lib/modules/" + VERSION + "/";
    TestGuest guest =
        TestGuest.debian()
            .with("boot/vmlinuz-" + VERSION, bzImage())
            .with(
                "boot/initrd.img-" + VERSION,
                initramfs("virtio_blk", "virtio_pci", "virtio", "xen-blkfront", "nvme"))
            .with("boot/config-" + VERSION, "CONFIG_VIRTIO_BLK=m\nCONFIG_FW_CFG_SYSFS=m\n")
            .with("boot/grub/grub.cfg", grub("root=" + ROOT + " ro quiet"))
            .with(modules + "modules.builtin", "kernel/fs/ext4/ext4.ko\n")
            .with(
                modules + "modules.dep",
                "kernel/virtio_blk.ko: kernel/virtio.ko\n"
                    + "kernel/virtio_pci.ko:\nkernel/virtio_net.ko:\nkernel/virtio.ko:\n"
                    + "kernel/xen-blkfront.ko:\nkernel/xen-netfront.ko:\nkernel/nvme.ko:\n"
                    + "kernel/qemu_fw_cfg.ko:\n");
    for (String module :
        List.of(
            "virtio_blk",
            "virtio_pci",
            "virtio_net",
            "virtio",
            "xen-blkfront",
            "xen-netfront",
            "nvme",
            "qemu_fw_cfg")) {
      guest.with(modules + "kernel/" + module + ".ko", "module");
    }
    return guest;
  }

  /** What grub-mkconfig of Debian writes, in short. */
  static String grub(String options) {
    return """
    ### BEGIN /etc/grub.d/00_header ###
    if [ -s $prefix/grubenv ]; then
      set have_grubenv=true
      load_env
    fi
    if [ "${next_entry}" ] ; then
       set default="${next_entry}"
       set next_entry=
       save_env next_entry
       set boot_once=true
    else
       set default="0"
    fi
    menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-%1$s' {
    	load_video
    	if [ x$grub_platform = xxen ]; then insmod xzio; fi
    	search --no-floppy --fs-uuid --set=root %1$s
    	echo	'Loading Linux %2$s ...'
    	linux	/boot/vmlinuz-%2$s %3$s
    	initrd	/boot/initrd.img-%2$s
    }
    submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-%1$s' {
    	menuentry 'Debian GNU/Linux, with Linux %2$s' $menuentry_id_option 'gnulinux-%2$s-advanced' {
    		linux	/boot/vmlinuz-%2$s %3$s
    		initrd	/boot/initrd.img-%2$s
    	}
    }
    """
        .formatted(TestGuest.ROOT_UUID, VERSION, options);
  }

  static byte[] bzImage() {
    ByteBuffer image = ByteBuffer.allocate(0x4000).order(ByteOrder.LITTLE_ENDIAN);
    image.putShort(0x1fe, (short) 0xaa55);
    image.putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f).putShort(0x20e, (short) 0x3100);
    image.putShort(0x236, (short) 3);
    image.put(0x3300, (VERSION + " (debian)").getBytes(StandardCharsets.US_ASCII));
    return image.array();
  }

  /** An uncompressed initramfs with an init and these modules. */
  static byte[] initramfs(String... modules) {
    List<String> names = new ArrayList<>(List.of("init"));
    for (String module : modules) {
      names.add("usr/lib/modules/" + VERSION + "/kernel/" + module + ".ko");
    }
    return Cpio.of(names.toArray(String[]::new));
  }
}
