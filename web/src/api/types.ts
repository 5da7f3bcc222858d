// Made from openapi.json by scripts/types.mjs; not to be edited.

export interface BeginDeviceRequest {
  kind: string;
  proof: MfaProof;
}

export interface ChangePasswordRequest {
  current: string;
  next: string;
  proof: MfaProof;
}

export interface ClusterView {
  cluster_name: string;
  proxy_address: string;
  version: string;
  message_of_the_day?: string;
}

export interface ConsoleAnswer {
  redirect: string;
}

export interface ConsoleApprovalForm {
  id: string;
  ticket: string;
}

export interface ConsoleClient {
  program: string;
  host: string;
  os: string;
  reason: string;
}

export interface ConsoleInfo {
  kind: string;
  user?: string;
  client: ConsoleClient;
  address: string;
  requested: string;
  expires: string;
}

export interface ConsoleRef {
  id: string;
}

export interface ConsoleSignInForm {
  id: string;
  proof: SignInForm;
}

export interface ConsoleTicket {
  ticket: string;
  user: string;
  expires: string;
}

export interface DatabaseListView {
  databases: DatabaseView[];
}

export interface DatabaseView {
  name: string;
  description: string;
  labels: Record<string, string>;
  allowed_users: string[];
  denied_users: string[];
  wildcard: boolean;
}

export interface Detail {
  kind: string;
  message: string;
}

export interface DeviceRemoval {
  id: string;
  proof: MfaProof;
}

export interface Enrollment {
  id: string;
  expires: string;
  totp?: Totp;
  webauthn?: object;
}

export interface EnrollmentAnswer {
  id: string;
  device_name: string;
  totp_code?: string;
  webauthn?: object;
}

export interface ErrorBody {
  error: Detail;
}

export interface InviteInfo {
  user: string;
  kind: string;
  expires: string;
  device_required: boolean;
  device_kinds: string[];
}

export interface LinkDeviceForm {
  link: LinkRef;
  device_kind: string;
}

export interface LinkForm {
  link: LinkRef;
  password: string;
  device?: EnrollmentAnswer;
}

export interface LinkRef {
  kind: string;
  token: string;
}

export interface MfaChallenge {
  id: string;
  required: boolean;
  totp: boolean;
  webauthn?: object;
  expires: string;
}

export interface MfaDevice {
  id: string;
  name: string;
  kind: string;
  added: string;
  last_used?: string;
}

export interface MfaDeviceList {
  devices: MfaDevice[];
}

export interface MfaProof {
  password?: string;
  totp_code?: string;
  webauthn?: WebauthnAnswer;
  ticket?: string;
}

export type Nothing = Record<string, never>;

export interface SessionView {
  user: string;
  roles: string[];
  ends: string;
  ends_at_latest: string;
}

export interface SignInForm {
  user: string;
  password: string;
  totp_code?: string;
  webauthn?: WebauthnAnswer;
}

export interface Totp {
  url: string;
  secret: string;
}

export interface WebLoginBegin {
  user: string;
  passwordless: boolean;
}

export interface WebauthnAnswer {
  challenge_id: string;
  credential: object;
}

/** Each operation, with what it asks for and what it answers. */
export interface Operations {
  "GET /v1/web/cluster": { asks: undefined; answers: ClusterView };
  "POST /v1/web/login/begin": { asks: WebLoginBegin; answers: MfaChallenge };
  "POST /v1/web/session": { asks: SignInForm; answers: undefined };
  "GET /v1/web/session": { asks: undefined; answers: SessionView };
  "DELETE /v1/web/session": { asks: undefined; answers: undefined };
  "POST /v1/web/links/open": { asks: LinkRef; answers: InviteInfo };
  "POST /v1/web/links/device": { asks: LinkDeviceForm; answers: Enrollment };
  "POST /v1/web/links/accept": { asks: LinkForm; answers: undefined };
  "GET /v1/web/databases": { asks: undefined; answers: DatabaseListView };
  "GET /v1/web/devices": { asks: undefined; answers: MfaDeviceList };
  "POST /v1/web/devices/challenge": { asks: Nothing; answers: MfaChallenge };
  "POST /v1/web/devices/begin": { asks: BeginDeviceRequest; answers: Enrollment };
  "POST /v1/web/devices/finish": { asks: EnrollmentAnswer; answers: MfaDevice };
  "POST /v1/web/password": { asks: ChangePasswordRequest; answers: undefined };
  "POST /v1/web/devices/remove": { asks: DeviceRemoval; answers: undefined };
  "POST /v1/web/console/open": { asks: ConsoleRef; answers: ConsoleInfo };
  "POST /v1/web/console/sign-in": { asks: ConsoleSignInForm; answers: ConsoleTicket };
  "POST /v1/web/console/approve": { asks: ConsoleApprovalForm; answers: ConsoleAnswer };
  "POST /v1/web/console/reject": { asks: ConsoleRef; answers: ConsoleAnswer };
}
