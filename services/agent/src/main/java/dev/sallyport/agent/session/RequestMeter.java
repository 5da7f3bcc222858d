package dev.sallyport.agent.session;

import dev.sallyport.agent.http.RequestFault;
import dev.sallyport.agent.signing.SignatureRefusal;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.diagnostics.Counters;
import dev.sallyport.diagnostics.Histograms;
import dev.sallyport.diagnostics.MetricText;
import java.util.concurrent.atomic.LongAdder;

/// What becomes of requests and how long each part of their way takes. For any thread; a request
/// costs a few tens of nanoseconds.
public final class RequestMeter {
  private static final int FIRST_CLIENT_ERROR = 400;
  private static final int FIRST_SERVER_ERROR = 500;

  /// A part of a request's way.
  enum Hop {
    /// From the whole request to its leaving: judge, record, credentials, signature.
    AGENT,
    /// From its leaving to the head of AWS's answer.
    AWS,
    /// From that head to the end of the answer, at the pace of whoever is slower.
    ANSWER,
    /// All of it.
    WHOLE
  }

  /// How AWS answers.
  private enum AwsAnswer {
    SUCCESS,
    CLIENT_ERROR,
    SERVER_ERROR
  }

  private final LongAdder begun = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final Counters<Outcome> outcomes = new Counters<>(Outcome.class);
  private final Counters<AwsAnswer> answers = new Counters<>(AwsAnswer.class);
  private final Counters<RequestFault.Kind> faults = new Counters<>(RequestFault.Kind.class);
  private final Counters<SignatureRefusal> again = new Counters<>(SignatureRefusal.class);
  private final Histograms<Hop> latency = new Histograms<>(Hop.class);

  void begun() {
    begun.increment();
  }

  void ended(Outcome outcome) {
    ended.increment();
    outcomes.count(outcome);
  }

  void took(Hop hop, long nanos) {
    latency.of(hop).observe(nanos);
  }

  void awsAnswered(int status) {
    answers.count(
        status < FIRST_CLIENT_ERROR
            ? AwsAnswer.SUCCESS
            : status < FIRST_SERVER_ERROR ? AwsAnswer.CLIENT_ERROR : AwsAnswer.SERVER_ERROR);
  }

  /// AWS refused a signature, and the request is signed and sent again.
  void sentAgain(SignatureRefusal refusal) {
    again.count(refusal);
  }

  /// What came was no request that can be held.
  void fault(RequestFault fault) {
    faults.count(fault.kind());
  }

  /// Requests that are held whole and not over.
  public long inFlight() {
    // Ended ones first: one that ends in between must not make the number negative.
    long over = ended.sum();
    return Math.max(0, begun.sum() - over);
  }

  /// Writes all of it.
  public void measure(MetricText out) {
    out.counters(
        "sallyport_db_requests_total",
        "Requests that are over, by what became of them.",
        "outcome",
        outcomes);
    out.counters(
        "sallyport_db_aws_answers_total",
        "Answers of AWS, by the class of their status.",
        "answer",
        answers);
    out.counters(
        "sallyport_db_request_faults_total",
        "What was no request that can be taken: malformed, too large, too slow, or no memory for"
            + " its body (busy).",
        "fault",
        faults);
    out.counters(
        "sallyport_db_requests_sent_again_total",
        "Requests that were signed anew and sent a second time, since AWS had refused the first"
            + " signature for its time (clock) or its credentials.",
        "refusal",
        again);
    out.gauge("sallyport_db_requests_in_flight", "Requests that are held whole and not over.")
        .sample(inFlight());
    out.histograms(
        "sallyport_db_request_seconds",
        "How long parts of a request's way take: agent (judge, record, credentials, signature),"
            + " aws (until its head), answer (the rest of it), whole.",
        "hop",
        latency);
  }
}
