package dev.sallyport.tctl;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Resource;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.ResourceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl create [-f] [FILE]`: stores the resources of a file or of standard input, in order, up to
/// the first that is refused. A document with a fault anywhere stops all of them beforehand.
@Command(name = "create", description = "Creates resources from a YAML file or standard input.")
final class CreateCommand implements Callable<Integer> {
  /// The longest input, in bytes.
  static final int MAX_INPUT = 4 << 20;

  private final Tool tool;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "absent: standard input")
  @Nullable Path file;

  @Option(
      names = {"-f", "--force"},
      description = "overwrite what exists")
  boolean force;

  CreateCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    Path source = file;
    String name = source == null ? "standard input" : source.toString();
    List<Resource> resources = read(name, source == null ? stdin() : text(source));
    if (resources.isEmpty()) {
      throw new CommandFailed("no resources found, empty input?");
    }
    return tool.withApi(api -> {
      int done = 0;
      for (Resource resource : resources) {
        create(api, resource, done, resources.size());
        done++;
      }
      return 0;
    });
  }

  private void create(AdminApi api, Resource resource, int done, int all) {
    try {
      boolean existed = force && exists(api, resource);
      api.create(resource, force);
      tool.out()
          .println(Described.of(resource) + (existed ? " has been updated" : " has been created"));
    } catch (ControlException e) {
      String hint =
          e.kind() == ErrorKind.ALREADY_EXISTS && !force ? ", use -f or --force to overwrite" : "";
      String rest =
          all == 1 ? "" : " (%d of %d resources were applied before it)".formatted(done, all);
      throw new CommandFailed(e.reason() + hint + rest, e);
    }
  }

  private static boolean exists(AdminApi api, Resource resource) {
    try {
      api.get(resource.kind(), resource.resourceName(), false);
      return true;
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.ACCESS_DENIED) {
        return false;
      }
      throw e;
    }
  }

  private static List<Resource> read(String name, String text) {
    try {
      return ResourceReader.read(text, name);
    } catch (InvalidDocument e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private String stdin() {
    try (InputStream in = tool.invocation().in()) {
      byte[] bytes = in.readNBytes(MAX_INPUT + 1);
      if (bytes.length > MAX_INPUT) {
        throw new CommandFailed("standard input is longer than " + MAX_INPUT + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailed("cannot read standard input: " + e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_INPUT) {
        throw new CommandFailed(file + " is longer than " + MAX_INPUT + " bytes");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailed(file + " does not exist", e);
    } catch (IOException e) {
      throw new CommandFailed("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
