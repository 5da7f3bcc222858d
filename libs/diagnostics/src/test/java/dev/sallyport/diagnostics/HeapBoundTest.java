package dev.sallyport.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapBoundTest {
  private static final long MEGABYTE = 1 << 20;

  private long committed;
  private long living;
  private int collections;

  private final HeapBound bound =
      new HeapBound(
          new HeapBound.Heap() {
            @Override
            public long committed() {
              return committed;
            }

            @Override
            public void collect() {
              collections++;
              committed = living;
            }
          },
          96 * MEGABYTE);

  private void grows(long megabytes) {
    committed = megabytes * MEGABYTE;
    bound.look();
  }

  @Test
  void a_small_heap_is_left_alone_and_a_grown_one_is_collected() {
    living = 30 * MEGABYTE;
    grows(96);
    assertThat(collections).isZero();
    grows(97);
    assertThat(collections).isEqualTo(1);
    assertThat(committed).isEqualTo(living);
    grows(97);
    assertThat(collections).isEqualTo(2);
  }

  @Test
  void a_heap_that_is_needed_may_grow_by_half_before_the_next_time() {
    living = 200 * MEGABYTE;
    grows(200);
    assertThat(collections).isEqualTo(1);
    grows(300);
    assertThat(collections).isEqualTo(1);
    grows(301);
    assertThat(collections).isEqualTo(2);
  }
}
