package io.diskwright.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own profile. */
class OwnProfileTest {

  @TempDir private Path folder;

  private Profile read(String json) throws IOException {
    return Profile.read(Files.writeString(folder.resolve("our-cloud.json"), json));
  }

  @Test
  void givesWhatDiffers() throws IOException {
    Profile own =
        read(
            """
            {"extends": "aws", "name": "our-cloud", "title": "Ours", "minimumSize": 1073741824,
             "guest": {"datasource": "OpenStack", "drivers": ["kvm"]},
             "severity": {"partition.table-mbr": "W", "linux.security.ssh-enabled": "off"}}
            """);
    Profile aws = Profile.named("aws");
    assertThat(own.name()).isEqualTo("our-cloud");
    assertThat(own.minimumSize()).isEqualTo(1 << 30);
    assertThat(own.maximumSize()).isEqualTo(aws.maximumSize());
    assertThat(own.guest().datasource()).isEqualTo("OpenStack");
    assertThat(own.guest().rootFilesystems()).isEqualTo(aws.guest().rootFilesystems());
    assertThat(rating(own, "partition.table-mbr")).contains(new Rating(Severity.WARNING, false));
    assertThat(rating(own, "linux.security.ssh-enabled")).isEmpty();
    assertThat(rating(own, "linux.driver.nvme")).isEqualTo(rating(aws, "linux.driver.nvme"));
  }

  @Test
  void saysWhatIsNoProfile() {
    assertThatThrownBy(() -> read("[]")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read("{\"name\": \"a\""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("our-cloud.json is no profile");
    assertThatThrownBy(() -> read("{\"name\": \"a\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("extends");
    assertThatThrownBy(() -> read("{\"extends\": \"nobody\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no profile 'nobody'");
    assertThatThrownBy(() -> read("{\"extends\": \"aws\", \"severity\": {\"a\": \"X\"}}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read("{\"extends\": \"aws\", \"minimumSize\": \"much\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field minimumSize is 'much', not a number");
    assertThatThrownBy(() -> read("{\"extends\": \"aws\", \"minimumsize\": 1}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field minimumsize is not known");
    assertThatThrownBy(
            () -> read("{\"extends\": \"aws\", \"severity\": {\"linux.network.dhcp\": \"X\"}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("linux.network.dhcp has the severity 'X'");
  }

  private static Optional<Rating> rating(Profile profile, String rule) {
    return Catalogue.load().find(rule).orElseThrow().rating(profile);
  }
}
