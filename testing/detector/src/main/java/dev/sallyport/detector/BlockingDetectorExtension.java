package dev.sallyport.detector;

import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Puts one {@link BlockingDetector} over a whole test run and fails the run if an event loop
 * waited. Found through the service file; a run turns it on with {@code
 * junit.jupiter.extensions.autodetection.enabled}.
 */
public final class BlockingDetectorExtension implements BeforeAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(BlockingDetectorExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Watch.class, key -> new Watch(new BlockingDetector()), Watch.class);
  }

  private record Watch(BlockingDetector detector) implements AutoCloseable {
    @Override
    public void close() {
      List<String> found;
      try (detector) {
        found = detector.finish();
      }
      if (!found.isEmpty()) {
        throw new AssertionError(
            found.size()
                + " waits on event loops; move what waits to a virtual thread. The first:\n"
                + String.join("\n", found.subList(0, Math.min(3, found.size()))));
      }
    }
  }
}
