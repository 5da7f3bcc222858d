package dev.sallyport.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.diagnostics.MetricText.Label;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricTextTest {
  private enum Fruit {
    APPLE,
    PEAR
  }

  private final MetricText out = new MetricText();

  @Test
  void familiesAreWrittenAsPrometheusReadsThem() {
    var eaten = new Counters<>(Fruit.class);
    eaten.count(Fruit.PEAR);
    eaten.count(Fruit.PEAR);
    out.counters("fruit_total", "Fruit that was eaten.", "fruit", eaten);
    out.gauge("bowl_bytes", "How big the bowl is.").sample(2.5, new Label("fruit", Fruit.APPLE));
    assertThat(out.toString())
        .isEqualTo(
            """
            # HELP fruit_total Fruit that was eaten.
            # TYPE fruit_total counter
            fruit_total{fruit="apple"} 0
            fruit_total{fruit="pear"} 2
            # HELP bowl_bytes How big the bowl is.
            # TYPE bowl_bytes gauge
            bowl_bytes{fruit="apple"} 2.5
            """);
  }

  @Test
  void histogramsCountUpToEachStep() {
    var times = new Histograms<>(Fruit.class);
    times.of(Fruit.APPLE).observe(TimeUnit.MICROSECONDS.toNanos(250));
    times.of(Fruit.APPLE).observe(TimeUnit.MILLISECONDS.toNanos(3));
    times.of(Fruit.APPLE).observe(TimeUnit.MINUTES.toNanos(2));
    out.histograms("bite_seconds", "How long a bite takes.", "fruit", times);
    assertThat(out.toString())
        .contains("# TYPE bite_seconds histogram")
        .contains("bite_seconds_bucket{fruit=\"apple\",le=\"0.00025\"} 1")
        .contains("bite_seconds_bucket{fruit=\"apple\",le=\"0.0025\"} 1")
        .contains("bite_seconds_bucket{fruit=\"apple\",le=\"0.005\"} 2")
        .contains("bite_seconds_bucket{fruit=\"apple\",le=\"60.0\"} 2")
        .contains("bite_seconds_bucket{fruit=\"apple\",le=\"+Inf\"} 3")
        .contains("bite_seconds_sum{fruit=\"apple\"} 120.00325")
        .contains("bite_seconds_count{fruit=\"apple\"} 3")
        .contains("bite_seconds_count{fruit=\"pear\"} 0");
  }

  @Test
  void aNameStandsOnce() {
    out.gauge("twice", "Once.");
    assertThatThrownBy(() -> out.gauge("twice", "Again."))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
