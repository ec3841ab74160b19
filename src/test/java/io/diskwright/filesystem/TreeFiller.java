package io.diskwright.filesystem;

import io.diskwright.volume.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Fills a mounted filesystem with what readers find hard. Everything is made through the kernel's
 * (or ntfs-3g's) driver, so the disk's structures are its work.
 */
public final class TreeFiller {

  /** What is put in. */
  public enum Part {
    /** Some hundred files of all small sizes around block and inline limits. */
    SIZES,
    /** A tree 60 directories deep, and 20 by 20 directories with a file each. */
    DEEP,
    /** 3,000 entries in one directory, a third deleted again. */
    MANY,
    /** 100,000 entries in one directory. */
    HUNDRED_THOUSAND,
    /** Holes: at the start, the end, and a file of 10 GiB with data in four places. */
    SPARSE,
    /** Two files written in turns, block by block, and one with 4,000 holes punched. */
    FRAGMENTED,
    /** Hard links, fast, slow, absolute, broken and looping symbolic links. */
    LINKS,
    /** Devices, pipes and sockets. */
    SPECIAL,
    /** Names of every odd kind that any filesystem takes: Unicode, spaces, 255 bytes, dots. */
    ODD_NAMES,
    /** Names that are no UTF-8, for filesystems that keep bytes; with control characters. */
    BYTE_NAMES,
    /** Modes, owners beyond 16 bits, times before 1970 and after 2038. */
    OWNERS,
    /** Extended attributes, small, large and many. */
    ATTRIBUTES,
    /** An access control list, set with {@code setfacl}. */
    LISTS,
  }

  private static final String SCRIPT =
      """
      import hashlib, os, random, socket, stat, sys
      os.chdir(sys.argv[1])
      parts = set(sys.argv[2].split(','))
      random.seed(7)
      noise = random.randbytes(1 << 20)
      def write(name, data):
          with open(name, 'wb') as f: f.write(data)
      if 'SIZES' in parts:
          os.mkdir('sizes')
          for n in list(range(0, 200, 7)) + [255, 256, 511, 512, 513, 700, 1023, 1024, 1025, 2047,
                    2048, 4095, 4096, 4097, 8191, 12288, 49152, 49153, 65535, 65536, 65537,
                    268 * 1024, 300000, 1 << 20]:
              write('sizes/%d' % n, noise[:n])
          with open('sizes/5000000', 'wb') as f:
              for i in range(5): f.write(noise[:1000000])
      if 'DEEP' in parts:
          path = 'deep'
          for i in range(60):
              os.mkdir(path); write(path + '/leaf', b'%d' % i); path += '/d%d' % i
          for i in range(20):
              for j in range(20):
                  os.makedirs('wide/%02d/%02d' % (i, j)); write('wide/%02d/%02d/f' % (i, j), b'x' * (i * j))
      if 'MANY' in parts:
          os.mkdir('many')
          for i in range(3000): write('many/entry-%d-%s' % (i, 'n' * (i % 90)), b'%d' % i)
          for i in range(0, 3000, 3): os.remove('many/entry-%d-%s' % (i, 'n' * (i % 90)))
      if 'HUNDRED_THOUSAND' in parts:
          os.mkdir('100000')
          for i in range(100000): os.close(os.open('100000/f%06d' % i, os.O_CREAT | os.O_WRONLY))
      if 'SPARSE' in parts:
          os.mkdir('sparse')
          with open('sparse/10g', 'wb') as f:
              for at in (0, 3 << 30, (5 << 30) + 12345, (10 << 30) - 4096):
                  f.seek(at); f.write(noise[:4096])
          with open('sparse/hole-first', 'wb') as f: f.seek(100000); f.write(b'end')
          with open('sparse/hole-last', 'wb') as f: f.write(b'start'); f.truncate(1234567)
          with open('sparse/all-hole', 'wb') as f: f.truncate(55555555)
      if 'FRAGMENTED' in parts:
          os.mkdir('fragmented')
          a = open('fragmented/a', 'wb', buffering=0); b = open('fragmented/b', 'wb', buffering=0)
          for i in range(400):
              a.write(noise[i * 1000:i * 1000 + 4096]); b.write(noise[i * 900:i * 900 + 4096])
              if i % 20 == 0: os.fsync(a.fileno()); os.fsync(b.fileno())
          a.close(); b.close()
          with open('fragmented/holes', 'wb') as f:
              for i in range(32): f.write(noise)
          with open('fragmented/every-other', 'wb') as f:
              for i in range(4000): f.seek(i * 8192); f.write(noise[i:i + 4096])
      if 'LINKS' in parts:
          os.mkdir('links')
          write('links/file', b'linked')
          os.link('links/file', 'links/hard'); os.link('links/file', 'hard-elsewhere')
          for name, target in [('fast', 'file'), ('absolute', '/links/file'), ('broken', 'nowhere'),
                               ('loop-a', 'loop-b'), ('loop-b', 'loop-a'), ('up', '../links/file'),
                               ('out', '../../../../etc/passwd'), ('directory', '.'),
                               ('59', 'x' * 59), ('60', 'x' * 60), ('100', 'y' * 100),
                               ('slow', '/'.join(['z' * 90] * 8)), ('1000', 'w/' * 500)]:
              os.symlink(target, 'links/' + name)
      if 'SPECIAL' in parts:
          os.mkdir('special')
          os.mkfifo('special/fifo')
          os.mknod('special/null', 0o666 | stat.S_IFCHR, os.makedev(1, 3))
          os.mknod('special/sda1', 0o660 | stat.S_IFBLK, os.makedev(8, 1))
          os.mknod('special/big', 0o600 | stat.S_IFBLK, os.makedev(300, 70000))
          s = socket.socket(socket.AF_UNIX); s.bind('special/socket'); s.close()
      if 'ODD_NAMES' in parts:
          os.mkdir('odd')
          for name in ['with space', 'ümläut', '日本語のファイル名', '\\U0001f600 smile', 'a' * 255,
                       'ä' * 127, '.hidden', '..twodots', 'UPPER', 'MixedCase.Txt', 'semi;colon',
                       "quote'", 'e\\u0301', '[brackets]', '#hash', '~tilde', 'x.y.z', 'noext.']:
              try: write('odd/' + name, name.encode())
              except OSError: pass
      if 'BYTE_NAMES' in parts:
          os.mkdir('bytes')
          for name in [b'latin-\\xe9', b'\\xff\\xfe', b'new\\nline', b'tab\\there', b'back\\\\slash',
                       b'\\x01\\x02', b'cut-\\xe6\\x97', b'star*?', b'"<>|:', b'\\xed\\xa0\\x80',
                       b'trailing ', b'CASE', b'case']:
              write(b'bytes/' + name, name)
      if 'OWNERS' in parts:
          os.mkdir('owners')
          for i, mode in enumerate([0, 0o400, 0o644, 0o755, 0o4755, 0o2755, 0o1777, 0o7777]):
              name = 'owners/%d' % i
              write(name, b'')
              os.chown(name, i * 40000, i * 1000003); os.chmod(name, mode)
          os.mkdir('owners/sticky'); os.chmod('owners/sticky', 0o1777)
          for i, t in enumerate([-1000000000, -1, 0, 1, 2147483647, 2147483648, 4000000000]):
              name = 'owners/time-%d' % i
              write(name, b'')
              os.utime(name, ns=(t * 1000000000 + 123456789, t * 1000000000 + 987654321))
      if 'ATTRIBUTES' in parts:
          os.mkdir('attributes')
          def attribute(name, key, value):
              try: os.setxattr('attributes/' + name, key, value)
              except OSError: pass
          for i in range(6): write('attributes/%d' % i, b'')
          attribute('0', 'user.small', b'v')
          for i in range(30): attribute('1', 'user.number-%d' % i, b'%d' % i * i)
          attribute('2', 'user.large', noise[:3000])
          attribute('3', 'user.huge', noise[:40000])
          attribute('4', 'security.capability', bytes.fromhex('0100000200040000000000000000000000000000'))
          attribute('4', 'trusted.overlay.opaque', b'y')
          attribute('5', 'user.empty', b''); attribute('5', 'security.selinux', b'system_u:object_r:etc_t:s0\\0')
          attribute('', 'user.directory', b'd')
      if 'LISTS' in parts:
          os.mkdir('lists')
          write('lists/file', b'')
          os.system('setfacl -m u:1000:rw,g:2000:r lists/file; setfacl -d -m u:1001:rwx lists')
      """;

  private TreeFiller() {}

  /** The Python that puts parts in; its arguments are the mount point and the parts' names. */
  public static String script() {
    return SCRIPT;
  }

  /** Puts parts into the filesystem mounted at a folder. */
  public static void fill(Path mountPoint, Part... parts) throws IOException, InterruptedException {
    String names = Arrays.stream(parts).map(Part::name).collect(Collectors.joining(","));
    Tool.runWithInput(SCRIPT, List.of("python3", "-", mountPoint.toString(), names));
  }
}
