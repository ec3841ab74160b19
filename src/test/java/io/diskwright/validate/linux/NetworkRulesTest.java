package io.diskwright.validate.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.guest.TestGuest;
import io.diskwright.validate.Severity;
import io.diskwright.validate.Status;
import io.diskwright.validate.rule.Judge;
import io.diskwright.validate.rule.Outcome;
import org.junit.jupiter.api.Test;

/** How a Linux configures its network, judged, by a guest for each back end. */
class NetworkRulesTest {

  private static final String DHCP = "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n";

  private static Outcome judge(String rule, TestGuest guest) {
    return Judge.by("linux.network." + rule).of(guest);
  }

  private static Severity severity(Outcome outcome) {
    return outcome.severity(Severity.ERROR);
  }

  private static TestGuest starting(TestGuest guest, String unit) {
    return guest
        .with("etc/machine-id", "0123\n")
        .with("usr/lib/systemd/system/" + unit, "[Service]\n[Install]\n")
        .link(
            "etc/systemd/system/multi-user.target.wants/" + unit,
            "/usr/lib/systemd/system/" + unit);
  }

  private static TestGuest ifupdown(String interfaces) {
    return starting(TestGuest.debian(), "networking.service")
        .with("etc/network/interfaces", interfaces)
        .program("usr/sbin/dhclient", 62);
  }

  private static TestGuest ifcfg(String text) {
    return starting(TestGuest.centos7(), "network.service")
        .with("etc/sysconfig/network-scripts/ifcfg-eth0", text);
  }

  private static TestGuest netplan(String text) {
    return starting(TestGuest.debian(), "systemd-networkd.service")
        .with("etc/netplan/01.yaml", text);
  }

  private static TestGuest networkd(String text) {
    return starting(TestGuest.debian(), "systemd-networkd.service")
        .with("etc/systemd/network/10.network", text);
  }

  private static TestGuest keyfile(String text) {
    return starting(TestGuest.centos7(), "NetworkManager.service")
        .with("etc/NetworkManager/system-connections/eth0.nmconnection", text)
        .mode("etc/NetworkManager/system-connections/eth0.nmconnection", 0600);
  }

  private static TestGuest freeBsd(String rc) {
    return TestGuest.empty()
        .with("etc/freebsd-update.conf", "")
        .with("etc/fstab", "")
        .with("bin/freebsd-version", "USERLAND_VERSION=\"13.2-RELEASE\"\n")
        .with("etc/rc.conf", rc);
  }

  @Test
  void findsDhcpInEveryBackEnd() {
    String rule = "dhcp";
    assertThat(judge(rule, ifupdown(DHCP)).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, ifcfg("DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n")).status())
        .isEqualTo(Status.PASS);
    assertThat(
            judge(rule, netplan("network:\n  ethernets:\n    ens3:\n      dhcp4: true\n")).status())
        .isEqualTo(Status.PASS);
    assertThat(judge(rule, networkd("[Match]\nName=en*\n[Network]\nDHCP=yes\n")).status())
        .isEqualTo(Status.PASS);
    assertThat(judge(rule, keyfile("[connection]\ntype=ethernet\n[ipv4]\nmethod=auto\n")).status())
        .isEqualTo(Status.PASS);
    assertThat(judge(rule, starting(TestGuest.centos7(), "NetworkManager.service")).message())
        .contains("interface *");
    assertThat(judge(rule, freeBsd("ifconfig_vtnet0=\"DHCP\"\n")).status()).isEqualTo(Status.PASS);
    TestGuest suse =
        starting(TestGuest.debian(), "wicked.service")
            .with("etc/sysconfig/network/ifcfg-eth0", "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n");
    assertThat(judge(rule, suse).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, starting(TestGuest.debian(), "dhcpcd.service")).status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void findsFixedAddressesInEveryBackEnd() {
    String rule = "dhcp";
    assertThat(
            judge(rule, ifupdown("auto eth0\niface eth0 inet static\n address 10.0.0.2/24\n"))
                .message())
        .isEqualTo("The network has a fixed address.");
    assertThat(judge(rule, ifcfg("BOOTPROTO=static\nIPADDR=10.0.0.2\nONBOOT=yes\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, ifcfg("BOOTPROTO=dhcp\nONBOOT=no\n")).status()).isEqualTo(Status.FAIL);
    assertThat(
            judge(
                    rule,
                    netplan(
                        "network:\n  ethernets:\n    ens3:\n      addresses:\n        - 10.0.0.2/24\n"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, networkd("[Match]\nName=en*\n[Network]\nAddress=10.0.0.2/24\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(
                    rule,
                    keyfile(
                        "[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\naddress1=10.0.0.2/24,10.0.0.1\n"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, freeBsd("ifconfig_vtnet0=\"inet 10.0.0.2 netmask 255.255.255.0\"\n"))
                .status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.debian()).message())
        .isEqualTo("No network interface is configured.");
    assertThat(judge(rule, netplan("network: {version: 2}\n")).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void readsWhatDhcpcdIsTold() {
    TestGuest fixed =
        starting(TestGuest.debian(), "dhcpcd.service")
            .with("etc/dhcpcd.conf", "interface eth0\nstatic ip_address=10.0.0.2/24\n");
    assertThat(judge("dhcp", fixed).message()).isEqualTo("The network has a fixed address.");
  }

  @Test
  void wantsTheClientThatNetworkManagerIsToldToUse() {
    TestGuest external =
        starting(TestGuest.centos7(), "NetworkManager.service")
            .with("etc/NetworkManager/NetworkManager.conf", "[main]\ndhcp=dhclient\n");
    assertThat(judge("dhcp-client-present", external).status()).isEqualTo(Status.FAIL);
    external.program("usr/sbin/dhclient", 62);
    assertThat(judge("dhcp-client-present", external).status()).isEqualTo(Status.PASS);
  }

  @Test
  void takesCloudInitForWhoConfigures() {
    TestGuest cloud =
        starting(TestGuest.debian(), "cloud-init.service").program("usr/bin/cloud-init", 62);
    assertThat(judge("dhcp", cloud).status()).isEqualTo(Status.PASS);
    cloud.with("etc/cloud/cloud.cfg.d/99.cfg", "# network: {config: disabled}\n");
    assertThat(judge("dhcp", cloud).status()).isEqualTo(Status.PASS);
    cloud.with("etc/cloud/cloud.cfg.d/99.cfg", "network: { config: disabled }\n");
    assertThat(judge("dhcp", cloud).status()).isEqualTo(Status.FAIL);
    cloud.with("etc/cloud/cloud.cfg.d/99.cfg", "network:\n  config: disabled\n");
    assertThat(judge("dhcp", cloud).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void countsInterfaces() {
    String rule = "single-nic";
    assertThat(judge(rule, ifupdown(DHCP)).status()).isEqualTo(Status.PASS);
    Outcome two = judge(rule, ifupdown(DHCP + "auto eth1\niface eth1 inet dhcp\n"));
    assertThat(severity(two)).isEqualTo(Severity.ERROR);
    assertThat(two.status()).isEqualTo(Status.FAIL);
    assertThat(severity(judge(rule, ifupdown(DHCP + "iface eth1 inet dhcp\n"))))
        .isEqualTo(Severity.WARNING);
    assertThat(judge(rule, ifupdown(DHCP + "auto bond0\niface bond0 inet dhcp\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, netplan("network: {version: 2}\n")).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsIpv6() {
    String rule = "no-ipv6";
    assertThat(judge(rule, ifupdown(DHCP)).status()).isEqualTo(Status.PASS);
    String fixed = DHCP + "iface eth0 inet6 static\n address 2001:db8::2/64\n";
    assertThat(severity(judge(rule, ifupdown(fixed)))).isEqualTo(Severity.ERROR);
    assertThat(judge(rule, ifupdown(fixed)).status()).isEqualTo(Status.FAIL);
    assertThat(severity(judge(rule, ifcfg("BOOTPROTO=dhcp\nIPV6INIT=yes\n"))))
        .isEqualTo(Severity.WARNING);
    TestGuest off =
        ifupdown(fixed).with("etc/sysctl.d/x.conf", "net.ipv6.conf.all.disable_ipv6 = 1\n");
    assertThat(judge(rule, off).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, netplan("network: {version: 2}\n")).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void wantsAClient() {
    String rule = "dhcp-client-present";
    assertThat(judge(rule, ifupdown(DHCP)).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, ifupdown(DHCP).without("usr/sbin/dhclient")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, networkd("[Match]\nName=*\n")).status()).isEqualTo(Status.PASS);
  }

  @Test
  void findsWhatIsBoundToACard() {
    String rule = "nic-binding";
    assertThat(judge(rule, ifupdown(DHCP)).status()).isEqualTo(Status.PASS);
    assertThat(severity(judge(rule, ifupdown(DHCP.replace("eth0", "ens192")))))
        .isEqualTo(Severity.WARNING);
    Outcome bound = judge(rule, ifcfg("BOOTPROTO=dhcp\nHWADDR=00:11:22:33:44:55\n"));
    assertThat(severity(bound)).isEqualTo(Severity.ERROR);
    assertThat(bound.status()).isEqualTo(Status.FAIL);
    assertThat(judge(rule, netplan("network: {version: 2}\n")).status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void findsPinnedNames() {
    String rule = "persistent-net-rules";
    assertThat(judge(rule, ifupdown(DHCP)).status()).isEqualTo(Status.PASS);
    String pin = "SUBSYSTEM==\"net\", ATTR{address}==\"00:11:22:33:44:55\", NAME=\"eth0\"\n";
    Outcome used =
        judge(rule, ifupdown(DHCP).with("etc/udev/rules.d/70-persistent-net.rules", pin));
    assertThat(severity(used)).isEqualTo(Severity.ERROR);
    assertThat(used.status()).isEqualTo(Status.FAIL);
    Outcome unused =
        judge(
            rule,
            ifupdown(DHCP)
                .with("etc/udev/rules.d/70-persistent-net.rules", pin.replace("eth0", "eth7")));
    assertThat(severity(unused)).isEqualTo(Severity.WARNING);
  }

  @Test
  void wantsTheNetworkServiceOnOldRedHat() {
    String rule = "manager";
    assertThat(judge(rule, ifcfg("BOOTPROTO=dhcp\n")).status()).isEqualTo(Status.PASS);
    assertThat(judge(rule, starting(TestGuest.centos7(), "NetworkManager.service")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, TestGuest.centos7()).severity(Severity.WARNING))
        .isEqualTo(Severity.ERROR);
    assertThat(judge(rule, TestGuest.debian()).status()).isEqualTo(Status.NOT_APPLICABLE);
  }

  @Test
  void findsWhatIsLeftOfTheOldNetwork() {
    String rule = "leftovers";
    assertThat(judge(rule, ifupdown(DHCP)).status()).isEqualTo(Status.PASS);
    assertThat(
            judge(rule, ifupdown(DHCP).with("etc/resolv.conf", "nameserver 10.0.0.1\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(judge(rule, ifcfg("").with("etc/sysconfig/network", "GATEWAY=10.0.0.1\n")).status())
        .isEqualTo(Status.FAIL);
    assertThat(
            judge(rule, ifupdown(DHCP).with("etc/environment", "http_proxy=http://p:1\n")).status())
        .isEqualTo(Status.FAIL);
  }
}
