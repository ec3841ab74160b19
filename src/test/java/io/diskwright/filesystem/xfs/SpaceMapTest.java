package io.diskwright.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.diskwright.filesystem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpaceMapTest {

  private final List<Problem> problems = new ArrayList<>();

  /** Four groups of 100 blocks, which take 7 bits of a block's number. */
  private final Geometry geometry = new Geometry(12, 400, 100, 7, 4, 9);

  private SpaceMap map(long start, int length) {
    return new SpaceMap(geometry, new Report(problems::add), start, length);
  }

  @Test
  void everyBlockIsFreeOrUsedOnce() {
    SpaceMap map = map(0, 400);
    map.free(geometry.block(0, 0), 100, "group 0");
    map.use(geometry.block(1, 0), 100, "a");
    map.use(geometry.block(2, 0), 50, "b");
    map.free(geometry.block(2, 50), 50, "group 2");
    map.useForContent(geometry.block(3, 0), 100, "c");
    map.reportLost();
    assertThat(problems).isEmpty();
  }

  @Test
  void whatIsUsedTwiceOrFreeAndUsedOrLostIsReported() {
    SpaceMap map = map(0, 400);
    map.free(0, 10, "group 0");
    map.use(9, 5, "a");
    map.use(13, 1, "b");
    map.free(13, 1, "group 0");
    map.reportLost();
    assertThat(problems)
        .extracting(Problem::found)
        .containsExactly(
            "block 9 is free",
            "block 13 is used already",
            "block 13 is used",
            "386 blocks neither free nor used, the first 14");
  }

  @Test
  void onlyContentMayBeShared() {
    SpaceMap map = map(0, 400);
    map.share(20, 5);
    map.useForContent(18, 7, "a");
    map.useForContent(20, 5, "b");
    map.useForContent(22, 10, "c");
    assertThat(problems).isEmpty();
    map.useForContent(17, 3, "d");
    map.use(20, 1, "e");
    assertThat(problems)
        .extracting(Problem::found)
        .containsExactly("block 18 is used already", "block 20 is used already");
  }

  @Test
  void aStretchKnowsOnlyItsOwnBlocks() {
    SpaceMap map = map(150, 100);
    map.use(geometry.block(1, 0), 100, "a");
    map.use(geometry.block(0, 0), 100, "b");
    map.use(geometry.block(2, 0), 100, "c");
    map.use(geometry.block(1, 10), 30, "not of this stretch");
    map.use(geometry.block(2, 60), 40, "not of this stretch");
    assertThat(problems).isEmpty();
    map.use(geometry.block(1, 49), 2, "d");
    map.reportLost();
    assertThat(problems).extracting(Problem::found).containsExactly("block 150 is used already");
  }
}
