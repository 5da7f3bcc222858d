package dev.sallyport.testkit.client;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Which clients this machine has, and the environment that AWS clients insist on. */
public final class InstalledClients {
  /** What the guide tells users to export: made-up credentials, and no proxy for the tunnel. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of(
          "AWS_ACCESS_KEY_ID", "tunnel",
          "AWS_SECRET_ACCESS_KEY", "tunnel",
          "AWS_REGION", "us-east-1",
          "AWS_DEFAULT_REGION", "us-east-1",
          "AWS_PAGER", "",
          "NO_PROXY", "localhost,127.0.0.1");

  private InstalledClients() {}

  /** Whether the AWS CLI is there and starts. */
  public static boolean awsCli() {
    return works(List.of("aws", "--version"));
  }

  /** Whether Python with boto3 is there. */
  public static boolean boto3() {
    return works(List.of("python3", "-c", "import boto3"));
  }

  private static boolean works(List<String> commandLine) {
    try {
      Process process =
          new ProcessBuilder(commandLine)
              .redirectErrorStream(true)
              .redirectOutput(new File("/dev/null"))
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
