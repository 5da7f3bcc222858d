package dev.sallyport.tctl;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.ResourceReader;
import dev.sallyport.resources.ResourceYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl edit role/access`: the resource in an editor, and back.
///
/// The file is its owner's alone and is removed, unless the text could not be stored: then it stays
/// and is named, so that no work is lost.
@Command(name = "edit", description = "Edits a resource, such as role/access, in an editor.")
final class EditCommand implements Callable<Integer> {
  private static final List<String> VARIABLES = List.of("TELEPORT_EDITOR", "VISUAL", "EDITOR");
  private static final String USUAL_EDITOR = "vi";

  private final Tool tool;

  @Parameters(paramLabel = "KIND/NAME")
  String reference = "";

  @Option(
      names = "--confirm",
      description = "also what the config file sets, or so that no administrator is left")
  boolean confirm;

  EditCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    ResourceReference.One target = ResourceReference.parse(reference).requireOne();
    return tool.withApi(api -> {
      Resource fetched = api.get(target.kind(), target.name(), hasSecrets(target.kind()));
      String before = ResourceYaml.print(List.of(fetched));
      Path file = temporary(before);
      boolean stored = false;
      try {
        edit(file);
        String after = Documents.text(file);
        if (after.equals(before)) {
          tool.out().println("edit canceled, no changes made");
        } else {
          store(api, fetched, parse(after, file));
        }
        stored = true;
        return 0;
      } catch (CommandFailed e) {
        throw stored || isUntouched(file, before)
            ? e
            : kept(file, String.valueOf(e.getMessage()), e);
      } catch (ControlException e) {
        throw kept(file, e.reason(), e);
      } finally {
        if (stored || isUntouched(file, before)) {
          remove(file);
        }
      }
    });
  }

  /// Where the whole is needed to write it back, or is what people want to change.
  private static boolean hasSecrets(Kind kind) {
    return switch (kind) {
      case TOKEN, GITHUB, OIDC, SAML -> true;
      case ROLE, USER, DB, DB_SERVER, CERT_AUTHORITY, CLUSTER_AUTH_PREFERENCE, LOCK -> false;
    };
  }

  private void store(AdminApi api, Resource fetched, Resource edited) {
    if (edited.kind() != fetched.kind()) {
      throw new CommandFailed("changing the kind of a resource is not supported with tctl edit");
    }
    if (!edited.metadata().name().equals(fetched.metadata().name())
        || !edited.resourceName().equals(fetched.resourceName())) {
      throw new CommandFailed("renaming resources is not supported with tctl edit");
    }
    // It was this revision that was edited, whatever the text says now.
    var revision = fetched.metadata().revision();
    api.update(
        edited.withMetadata(edited.metadata().withRevision(revision)),
        new WriteMode(false, confirm, false));
    tool.out().println(Described.of(edited) + " has been updated");
  }

  private Resource parse(String text, Path file) {
    try {
      List<Resource> resources =
          ResourceReader.read(
              text,
              file.toString(),
              warning -> tool.invocation().err().println("WARNING: " + warning));
      if (resources.isEmpty()) {
        throw new CommandFailed("no resources found, empty input?");
      }
      return resources.getFirst();
    } catch (InvalidDocument e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private void edit(Path file) {
    List<String> command = new ArrayList<>(editor());
    command.add(file.toString());
    try {
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw notCompleted("exit status " + status);
      }
    } catch (IOException e) {
      throw notCompleted(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notCompleted("interrupted");
    }
  }

  private static CommandFailed notCompleted(String why) {
    return new CommandFailed(
        "skipping resource update, editor did not complete successfully: " + why);
  }

  /// The command may have arguments: `code --wait`.
  private List<String> editor() {
    for (String variable : VARIABLES) {
      String value = tool.invocation().environment().getOrDefault(variable, "").strip();
      if (!value.isEmpty()) {
        return List.of(value.split("\\s+"));
      }
    }
    return List.of(USUAL_EDITOR);
  }

  private static Path temporary(String text) {
    try {
      Path file =
          Files.createTempFile(
              "teleport-resource",
              ".yaml",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new CommandFailed("cannot write a file for the editor: " + e.getMessage(), e);
    }
  }

  private static boolean isUntouched(Path file, String before) {
    try {
      return Files.readString(file).equals(before);
    } catch (IOException e) {
      return false;
    }
  }

  private static CommandFailed kept(Path file, String reason, Exception cause) {
    return new CommandFailed(
        "%s%nYour text is kept in %s; it may hold secrets, so remove it when you are done."
            .formatted(reason, file),
        cause);
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CommandFailed("cannot remove " + file + ": " + e.getMessage(), e);
    }
  }
}
