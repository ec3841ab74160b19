package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.SystemList;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** Which systems an importer knows. */
class SystemRulesTest {

  @Test
  void identifiesTheSystem() {
    String rule = "linux.config.os-identified";
    assertThat(Judge.by(rule).of(TestGuest.debian()).status()).isEqualTo(Status.PASS);
    assertThat(Judge.by(rule).of(TestGuest.debian()).message()).contains("Debian GNU/Linux 12");
    Outcome nameless =
        Judge.by(rule)
            .of(TestGuest.debian().without("etc/os-release").without("etc/debian_version"));
    assertThat(nameless.status()).isEqualTo(Status.FAIL);
    Outcome versionless =
        Judge.by(rule)
            .of(
                TestGuest.debian()
                    .with("etc/os-release", "ID=arch\n")
                    .without("etc/debian_version"));
    assertThat(versionless.severity(Severity.ERROR)).isEqualTo(Severity.WARNING);
    assertThat(Judge.by(rule).of(TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void tellsStandardSystemsFromOthers() {
    String rule = "linux.config.os-standard";
    Outcome debian12 = Judge.by(rule).of(TestGuest.debian());
    assertThat(debian12.status()).isEqualTo(Status.FAIL);
    assertThat(debian12.message()).contains("non-standard");
    assertThat(Judge.by(rule).in("alibaba-current").of(TestGuest.debian()).message())
        .contains("newer than the importer's list");
    // What makes it standard is not all in this small tree.
    Outcome centos = Judge.by(rule).of(TestGuest.centos7());
    assertThat(centos.message()).startsWith("The system is listed, but");
    assertThat(Judge.by(rule).of(TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
    assertThat(Judge.by(rule).in("none").of(TestGuest.debian()).status())
        .isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void readsTheListsByMajorExactAndLeastVersion() {
    SystemList seed = SystemList.named("alibaba").orElseThrow();
    assertThat(seed.of("opensuse").getFirst().has("13.1")).isTrue();
    assertThat(seed.of("opensuse").getFirst().has("13.2")).isFalse();
    assertThat(seed.of("coreos").getFirst().has("681.1.9")).isFalse();
    assertThat(seed.of("coreos").getFirst().has("681.2.0")).isTrue();
    assertThat(seed.of("coreos").getFirst().has("1000.0.0")).isTrue();
    assertThat(seed.of("ubuntu").getFirst().has("14.04")).isTrue();
    assertThat(seed.of("ubuntu").getFirst().has("16.04")).isFalse();
    assertThat(seed.of("rhel").getFirst().has("99")).isTrue();
    assertThat(seed.of("linuxmint")).isEmpty();
  }

  @Test
  void saysHowToImportWhatIsNotStandard() {
    String rule = "linux.config.nonstandard-mode";
    Outcome others = Judge.by(rule).of(TestGuest.debian());
    assertThat(others.status()).isEqualTo(Status.FAIL);
    assertThat(others.message()).startsWith("Import it as Others Linux");
    TestGuest prepared =
        TestGuest.debian()
            .directory("aliyun_custom_image")
            .with("etc/rc.local", ". /aliyun_custom_image/os.conf\n");
    assertThat(Judge.by(rule).of(prepared).message()).startsWith("Import it as Customized Linux");
    assertThat(Judge.by(rule).in("none").of(TestGuest.debian()).status())
        .isEqualTo(Status.NOT_APPLICABLE);
    assertThat(Judge.by(rule).of(TestGuest.empty()).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void looksForWhatCustomizedLinuxNeeds() {
    String rule = "linux.config.customized-linux-ready";
    assertThat(Judge.by(rule).of(TestGuest.debian()).status()).isEqualTo(Status.FAIL);
    TestGuest half = TestGuest.debian().directory("aliyun_custom_image");
    assertThat(Judge.by(rule).of(half).status()).isEqualTo(Status.UNKNOWN);
    half.with("etc/init.d/inject", "#!/bin/sh\ncat /aliyun_custom_image/os.conf\n");
    assertThat(Judge.by(rule).of(half).status()).isEqualTo(Status.PASS);
  }

  @Test
  void readsTheArchitecture() {
    String rule = "linux.config.arch";
    assertThat(Judge.by(rule).of(TestGuest.debian()).status()).isEqualTo(Status.PASS);
    byte[] narrow = new byte[64];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}, 0, narrow, 0, 7);
    narrow[16] = 2;
    narrow[18] = 3;
    Outcome i386 =
        Judge.by(rule)
            .in("aws")
            .of(TestGuest.debian().without("usr/lib/systemd/systemd").with("usr/bin/bash", narrow));
    assertThat(i386.status()).isEqualTo(Status.FAIL);
    assertThat(i386.message()).isEqualTo("The system is i386.");
    assertThat(
            Judge.by(rule)
                .of(TestGuest.debian().without("usr/bin/bash").without("usr/lib/systemd/systemd"))
                .status())
        .isEqualTo(Status.UNKNOWN);
  }
}
