package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code examples/ec2} as what reads them takes them, and together. */
@DisabledOnOs(OS.WINDOWS)
final class EnrolmentFilesTest {
  private static final Path EC2 = GuideFiles.repository().resolve("examples/ec2");
  private static final Pattern DECLARED =
      Pattern.compile("(?m)^(?:resource|data|variable|output) +(\"\\w+\"(?: +\"\\w+\")?) *\\{");
  private static final Pattern USED =
      Pattern.compile(
          "(?<![\\w.])(?:data\\.(\\w+)\\.(\\w+)|var\\.(\\w+)|(aws_\\w+)\\.(\\w+))(?=\\W)");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private static String text(String name) throws IOException {
    return Files.readString(EC2.resolve(name));
  }

  @Test
  void nobodyNeedsASecret() throws IOException {
    for (String name : List.of("user-data.sh", "ssm-document.yaml", "main.tf")) {
      assertThat(text(name)).as(name).doesNotContain("get-parameter", "SecureString", "join-token");
    }
    assertThat(text("user-data.sh")).contains("--join-method=iam --token=\"$token\"");
    assertThat(text("ssm-document.yaml")).contains("--join-method=iam --token='{{ Token }}'");
    assertThat(text("token.yaml")).contains("join_method: iam").doesNotContain("method: token");
  }

  /** The token, the role and the account are the same in all of them. */
  @Test
  void theFilesNameTheSameTokenAndRole() throws IOException {
    String token = group("name: (\\S+)", text("token.yaml"));
    assertThat(group("(?m)^token=(\\S+)$", text("user-data.sh"))).isEqualTo(token);
    SsmDocument document = SsmDocument.read(text("ssm-document.yaml"));
    assertThat(document.parameter("Token").value()).isEqualTo(token);
    String role = group("assumed-role/(\\w+)/i-\\*", text("token.yaml"));
    String terraform = text("main.tf");
    assertThat(group("resource \"aws_iam_role\" \"agent\" \\{\\s+name += \"(\\w+)\"", terraform))
        .isEqualTo(role);
    String account = group("replace\\(file\\([^)]+\\), \"(\\d+)\"", terraform);
    assertThat(group("aws_account: \"(\\d+)\"", text("token.yaml"))).isEqualTo(account);
    assertThat(group("aws_arn: arn:aws:sts::(\\d+):", text("token.yaml"))).isEqualTo(account);
  }

  private static String group(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  @Test
  void whateverTheTerraformFileNamesIsThereAndUsed() throws IOException {
    String source = text("main.tf").replaceAll("(?m)^#.*$", "");
    List<String> declared = new ArrayList<>();
    Matcher blocks = DECLARED.matcher(source);
    while (blocks.find()) {
      declared.add(blocks.group(1).replace("\"", "").replaceAll(" +", "."));
    }
    assertThat(declared).doesNotHaveDuplicates();
    TreeSet<String> used = new TreeSet<>();
    Matcher references = USED.matcher(source.replaceAll("(?m)^(resource|data) .*$", ""));
    while (references.find()) {
      used.add(
          Stream.of(
                  Optional.ofNullable(references.group(1))
                      .map(it -> it + "." + references.group(2)),
                  Optional.ofNullable(references.group(3)),
                  Optional.ofNullable(references.group(4))
                      .map(it -> it + "." + references.group(5)))
              .flatMap(Optional::stream)
              .findFirst()
              .orElseThrow());
    }
    assertThat(declared).containsAll(used);
    List<String> ends = List.of("aws_instance.agent", "aws_iam_role_policy.access", "join_token");
    assertThat(used).containsAll(declared.stream().filter(name -> !ends.contains(name)).toList());
    Matcher files = Pattern.compile("\\$\\{path\\.module}/([^\"]+)\"").matcher(source);
    List<String> named = files.results().map(file -> file.group(1)).toList();
    assertThat(named).containsExactlyInAnyOrder("user-data.sh", "token.yaml");
    assertThat(named).allMatch(name -> Files.isRegularFile(EC2.resolve(name)));
  }

  @Test
  void terraformParsesTheFile() throws IOException {
    terraform("fmt", "-check", "-diff", EC2.toString());
  }

  /** Needs the provider, which no test downloads: from a folder that {@code -plugin-dir} takes. */
  @Test
  void terraformFindsTheFileValid() throws IOException {
    String providers = System.getenv("SALLYPORT_TERRAFORM_PLUGINS");
    assumeTrue(providers != null, "SALLYPORT_TERRAFORM_PLUGINS names no folder of providers");
    for (String name : List.of("main.tf", "user-data.sh", "token.yaml")) {
      Files.copy(EC2.resolve(name), folder.resolve(name));
    }
    terraform("-chdir=" + folder, "init", "-backend=false", "-plugin-dir=" + providers);
    terraform("-chdir=" + folder, "validate");
  }

  private void terraform(String... arguments) throws IOException {
    Optional<Path> terraform = program("terraform");
    assumeTrue(terraform.isPresent(), "terraform is not installed");
    run("", Stream.concat(terraform.stream().map(Path::toString), Stream.of(arguments)).toList());
  }

  private CommandResult run(String input, List<String> line) throws IOException {
    Map<String, String> environment =
        Map.of(
            "PATH",
            "/usr/local/bin:/usr/bin:/bin",
            "HOME",
            folder.toString(),
            "CHECKPOINT_DISABLE",
            "1");
    try (RunningProcess process = RunningProcess.start(line, environment)) {
      return process.finish(input, PATIENCE).orFail();
    }
  }

  private static Optional<Path> program(String name) {
    return Stream.of("/usr/local/bin", "/usr/bin")
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Test
  void theScriptsAreWellFormed() throws IOException {
    SsmDocument document = SsmDocument.read(text("ssm-document.yaml"));
    assertThat(document.used()).containsExactlyInAnyOrderElementsOf(document.parameters().keySet());
    for (String script : List.of(text("user-data.sh"), document.script(Map.of()))) {
      run(script, List.of("bash", "-n"));
      run(script, List.of("sh", "-n"));
      Optional<Path> linter = program("shellcheck");
      if (linter.isPresent()) {
        run(script, List.of(linter.get().toString(), "--shell=sh", "-"));
      }
    }
  }

  /** What stands between quotes in the script can't end them. */
  @ParameterizedTest
  @ValueSource(strings = {"a'b", "x;id", "$(id)", "a b", "", "a\nb", "`id`", "{{ Proxy }}"})
  void noParameterBecomesACommand(String value) throws IOException {
    SsmDocument document = SsmDocument.read(text("ssm-document.yaml"));
    for (String name : document.parameters().keySet()) {
      Map<String, String> values = Map.of(name, value);
      assertThatThrownBy(() -> document.script(values)).as(name).hasMessageContaining(name);
    }
  }
}
