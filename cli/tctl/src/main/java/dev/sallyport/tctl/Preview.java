package dev.sallyport.tctl;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.resources.ResourceYaml;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/// Shows what would change. The Auth Service says what it would keep, and leaves the secrets out.
final class Preview {
  private final AdminApi api;
  private final PrintStream out;

  Preview(AdminApi api, PrintStream out) {
    this.api = api;
    this.out = out;
  }

  void show(List<Resource> resources, WriteMode dry) {
    for (int i = 0; i < resources.size(); i++) {
      Resource resource = resources.get(i);
      try {
        show(resource, api.create(resource, dry));
      } catch (ControlException e) {
        if (!dependsOnEarlier(resources, i)) {
          throw new CommandFailed(
              "%s (document %d of %d; nothing was changed)"
                  .formatted(e.reason(), i + 1, resources.size()),
              e);
        }
        out.println(
            Described.of(resource)
                + " can't be judged before those above it are applied: "
                + e.reason());
      }
    }
  }

  /// Whether the answer may be another one once the documents before it are applied: users need
  /// roles, administrators may take over from each other, and a name may come twice.
  static boolean dependsOnEarlier(List<Resource> resources, int index) {
    Resource resource = resources.get(index);
    boolean isPeople = isPeople(resource.kind());
    return resources.subList(0, index).stream()
        .anyMatch(earlier ->
            (isPeople && isPeople(earlier.kind()))
                || (earlier.kind() == resource.kind()
                    && earlier.resourceName().equals(resource.resourceName())));
  }

  private static boolean isPeople(Kind kind) {
    return kind == Kind.ROLE || kind == Kind.USER;
  }

  private void show(Resource wanted, Resource kept) {
    Optional<Resource> existing = existing(wanted);
    String after = text(kept);
    String before = existing.map(Preview::text).orElse("");
    if (before.equals(after)) {
      out.println(Described.of(wanted) + " would not change");
      return;
    }
    out.println(
        Described.of(wanted) + " would be " + (existing.isPresent() ? "updated:" : "created:"));
    out.print(LineDiff.of(before, after));
  }

  private Optional<Resource> existing(Resource wanted) {
    try {
      return Optional.of(api.get(wanted.kind(), wanted.resourceName(), false));
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.ACCESS_DENIED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String text(Resource resource) {
    return ResourceYaml.print(
        List.of(resource.withMetadata(resource.metadata().withRevision(Optional.empty()))));
  }
}
