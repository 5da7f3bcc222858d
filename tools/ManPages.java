import dev.sallyport.console.ManPage;
import dev.sallyport.launcher.Teleport;
import dev.sallyport.tctl.TctlMain;
import dev.sallyport.tsh.TshMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/// Writes the manual pages: `ManPages FOLDER VERSION` leaves `PROGRAM.1` for each program.
final class ManPages {
  private ManPages() {}

  public static void main(String[] args) throws IOException {
    var folder = Path.of(args[0]);
    write(folder, Teleport.model(), args[1], "the services of a Sallyport cluster");
    write(folder, TctlMain.model(), args[1], "administers a Sallyport cluster");
    write(folder, TshMain.model(), args[1], "signs in to a Sallyport cluster and opens tunnels");
  }

  private static void write(Path folder, CommandSpec program, String version, String about)
      throws IOException {
    Files.writeString(folder.resolve(program.name() + ".1"), ManPage.of(program, version, about));
  }
}
