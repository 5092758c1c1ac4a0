CREATE TABLE agenda_item (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  position INTEGER NOT NULL,
  title VARCHAR(300) NOT NULL,
  planned_minutes INTEGER NOT NULL,
  presenter_id VARCHAR(36),
  state VARCHAR(10) NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  conclusion TEXT NOT NULL,
  review BOOLEAN NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_agenda_item_position UNIQUE (meeting_id, position)
);

CREATE UNIQUE INDEX uq_agenda_item_live ON agenda_item (meeting_id) WHERE state = 'live';

CREATE TABLE archive_stamp (
  id VARCHAR(36) NOT NULL,
  about_id VARCHAR(36) NOT NULL,
  "over" VARCHAR(64) NOT NULL,
  pdf VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_archive_stamp_about_id ON archive_stamp (about_id);

CREATE TABLE assisted_ballot (
  ballot_id VARCHAR(36) NOT NULL,
  vote_id VARCHAR(36) NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (ballot_id)
);

CREATE INDEX ix_assisted_ballot_vote_id ON assisted_ballot (vote_id);

CREATE TABLE authority (
  id SERIAL NOT NULL,
  certificate BYTEA NOT NULL,
  wrapped BYTEA,
  PRIMARY KEY (id)
);

CREATE TABLE ballot (
  id VARCHAR(36) NOT NULL,
  vote_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  version INTEGER NOT NULL,
  choice VARCHAR(10) NOT NULL,
  body_hash VARCHAR(64) NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_ballot_version UNIQUE (vote_id, member_id, version),
  CONSTRAINT ck_ballot_version CHECK (version >= 1),
  CONSTRAINT ck_ballot_choice CHECK (choice IN ('for', 'against', 'abstain'))
);

CREATE TABLE cell_month (
  cell_id VARCHAR(36) NOT NULL,
  month VARCHAR(7) NOT NULL,
  figures TEXT NOT NULL,
  counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (cell_id, month)
);

CREATE TABLE certificate_request (
  person_id VARCHAR(36) NOT NULL,
  request BYTEA NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (person_id)
);

CREATE TABLE coming (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_coming_member UNIQUE (meeting_id, member_id, starts_at)
);

CREATE TABLE document_number (
  cell_id VARCHAR(36) NOT NULL,
  term VARCHAR(10) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (cell_id, term, kind)
);

CREATE TABLE document_term (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  since DATE NOT NULL,
  name TEXT NOT NULL,
  used TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_document_term_since UNIQUE (cell_id, since)
);

CREATE TABLE draft_wording (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  item_id VARCHAR(36) NOT NULL,
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  motion_id VARCHAR(36),
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_draft_wording_number UNIQUE (item_id, number)
);

CREATE INDEX ix_draft_wording_meeting_id ON draft_wording (meeting_id);

CREATE TABLE election (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  item_id VARCHAR(36),
  kind VARCHAR(30) NOT NULL,
  title TEXT NOT NULL,
  seats INTEGER NOT NULL,
  names TEXT,
  PRIMARY KEY (id)
);

CREATE INDEX ix_election_meeting_id ON election (meeting_id);

CREATE TABLE evidence (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  source VARCHAR(12) NOT NULL,
  kind VARCHAR(12) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  member_id VARCHAR(36),
  participant_sid VARCHAR(100),
  since TIMESTAMP WITH TIME ZONE,
  seats TEXT,
  device_at TIMESTAMP WITH TIME ZONE,
  by_id VARCHAR(36),
  reason TEXT,
  sequence INTEGER NOT NULL,
  browser VARCHAR(64),
  body_hash VARCHAR(64),
  PRIMARY KEY (id)
);

CREATE INDEX ix_evidence_meeting_id ON evidence (meeting_id);

CREATE UNIQUE INDEX uq_evidence_sequence ON evidence (meeting_id, sequence) WHERE sequence > 0;

CREATE TABLE guest (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  full_name VARCHAR(200) NOT NULL,
  comes_from VARCHAR(200) NOT NULL,
  overseer BOOLEAN NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_guest_meeting_id ON guest (meeting_id);

CREATE TABLE hall_count (
  id VARCHAR(36) NOT NULL,
  vote_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  in_favour INTEGER NOT NULL,
  against INTEGER NOT NULL,
  abstain INTEGER NOT NULL,
  tellers TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_hall_count_sequence UNIQUE (vote_id, sequence)
);

CREATE TABLE heartbeat (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  participant_sid VARCHAR(100) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  until TIMESTAMP WITH TIME ZONE NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_heartbeat_meeting_id ON heartbeat (meeting_id);

CREATE TABLE helper_pass (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  name VARCHAR(200) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  issued_by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_helper_pass_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_helper_pass_meeting_id ON helper_pass (meeting_id);

CREATE TABLE holiday_decision (
  id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  org_name TEXT NOT NULL,
  day DATE NOT NULL,
  "off" BOOLEAN NOT NULL,
  name TEXT NOT NULL,
  citation TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_holiday_decision_org_id ON holiday_decision (org_id);

CREATE TABLE idempotent_answer (
  id VARCHAR(36) NOT NULL,
  request_hash VARCHAR(64) NOT NULL,
  status INTEGER NOT NULL,
  body BYTEA NOT NULL,
  content_type VARCHAR(100) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_idempotent_answer_at ON idempotent_answer (at);

CREATE TABLE ink_signature (
  about_id VARCHAR(36) NOT NULL,
  record TEXT NOT NULL,
  scan VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (about_id)
);

CREATE TABLE issued_paper (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  about_id VARCHAR(36) NOT NULL,
  term VARCHAR(10) NOT NULL,
  number INTEGER,
  day DATE NOT NULL,
  data BYTEA NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_issued_paper_number UNIQUE (cell_id, term, kind, number),
  CONSTRAINT uq_issued_paper_about UNIQUE (kind, about_id)
);

CREATE INDEX ix_issued_paper_meeting_id ON issued_paper (meeting_id);

CREATE TABLE late_ballot (
  id VARCHAR(36) NOT NULL,
  vote_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  body_hash VARCHAR(64) NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_late_ballot_vote_id ON late_ballot (vote_id);

CREATE TABLE leave_contest (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  against INTEGER NOT NULL,
  note TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_leave_contest_against UNIQUE (meeting_id, against)
);

CREATE TABLE leave_decision (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  decision VARCHAR(12) NOT NULL,
  reason VARCHAR(20),
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_leave_decision_sequence UNIQUE (meeting_id, sequence)
);

CREATE TABLE leave_request (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  reason VARCHAR(20) NOT NULL,
  note TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_leave_request_meeting_id ON leave_request (meeting_id);

CREATE TABLE ledger_entry (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  seq INTEGER NOT NULL,
  previous VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  act VARCHAR(60) NOT NULL,
  actor_id VARCHAR(36),
  meeting_id VARCHAR(36),
  subject_id VARCHAR(36),
  leaf TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_ledger_entry_seq UNIQUE (cell_id, seq),
  CONSTRAINT uq_ledger_entry_previous UNIQUE (cell_id, previous)
);

CREATE INDEX ix_ledger_entry_meeting_id ON ledger_entry (meeting_id);

CREATE TABLE ledger_head (
  cell_id VARCHAR(36) NOT NULL,
  seq INTEGER NOT NULL,
  hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (cell_id)
);

CREATE TABLE ledger_personal (
  entry_id VARCHAR(36) NOT NULL,
  salt BYTEA NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (entry_id)
);

CREATE TABLE log_checkpoint (
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (size)
);

CREATE TABLE log_cosignature (
  size INTEGER NOT NULL,
  witness VARCHAR(300) NOT NULL,
  line TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (size, witness)
);

CREATE TABLE log_leaf (
  position INTEGER NOT NULL,
  entry_id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  seq INTEGER NOT NULL,
  hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (position),
  CONSTRAINT uq_log_leaf_seq UNIQUE (cell_id, seq),
  UNIQUE (entry_id)
);

CREATE INDEX ix_log_leaf_hash ON log_leaf (hash);

CREATE TABLE log_node (
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hash VARCHAR(64) NOT NULL,
  PRIMARY KEY (level, number)
);

CREATE TABLE log_tip (
  id INTEGER NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE meeting (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  month VARCHAR(7) NOT NULL,
  quarter VARCHAR(7) NOT NULL,
  kind VARCHAR(30) NOT NULL,
  mode VARCHAR(12) NOT NULL,
  standing VARCHAR(12) NOT NULL,
  state VARCHAR(12) NOT NULL,
  title TEXT NOT NULL,
  place TEXT NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  planned_minutes INTEGER NOT NULL,
  minimum_minutes INTEGER NOT NULL,
  zone VARCHAR(60) NOT NULL,
  supplements_id VARCHAR(36),
  opened_at TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
  device_opened_at TIMESTAMP WITH TIME ZONE,
  device_closed_at TIMESTAMP WITH TIME ZONE,
  entered_late_on DATE,
  cancelled_reason TEXT,
  moved_at TIMESTAMP WITH TIME ZONE,
  moved_from TIMESTAMP WITH TIME ZONE,
  hall_present INTEGER NOT NULL,
  hall_required INTEGER NOT NULL,
  fulfils INTEGER NOT NULL,
  fulfils_theme INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_meeting_kind CHECK (kind IN ('regular', 'thematic', 'regular_with_thematic', 'extraordinary', 'committee', 'congress', 'ceremony', 'online_session', 'practice')),
  CONSTRAINT ck_meeting_mode CHECK (mode IN ('in_person', 'hybrid', 'online')),
  CONSTRAINT ck_meeting_standing CHECK (standing IN ('mandatory', 'additional', 'supplement', 'none')),
  CONSTRAINT ck_meeting_state CHECK (state IN ('draft', 'convened', 'open', 'closed', 'minuted', 'signed', 'cancelled')),
  CONSTRAINT ck_meeting_fulfils CHECK (fulfils = 0 OR (fulfils = 1 AND standing = 'mandatory' AND kind IN ('regular', 'regular_with_thematic') AND state IN ('closed', 'minuted', 'signed') AND mode IN ('in_person', 'hybrid') AND hall_required >= 1 AND hall_present >= hall_required)),
  CONSTRAINT ck_meeting_fulfils_theme CHECK (fulfils_theme = 0 OR (fulfils_theme = 1 AND standing IN ('mandatory', 'additional') AND kind IN ('thematic', 'regular_with_thematic') AND state IN ('closed', 'minuted', 'signed') AND mode IN ('in_person', 'hybrid') AND hall_required >= 1 AND hall_present >= hall_required)),
  CONSTRAINT ck_meeting_online CHECK (mode <> 'online' OR standing IN ('supplement', 'none')),
  CONSTRAINT ck_meeting_supplement CHECK (standing <> 'supplement' OR mode = 'online'),
  CONSTRAINT ck_meeting_mandatory CHECK (standing <> 'mandatory' OR kind IN ('regular', 'regular_with_thematic')),
  CONSTRAINT ck_meeting_practice CHECK ((kind = 'practice') = (standing = 'none')),
  CONSTRAINT ck_meeting_counts CHECK (hall_present >= 0 AND hall_required >= 0),
  CONSTRAINT uq_meeting_fulfils UNIQUE (id, cell_id, month, fulfils),
  CONSTRAINT uq_meeting_fulfils_theme UNIQUE (id, cell_id, quarter, fulfils_theme)
);

CREATE INDEX ix_meeting_cell_id ON meeting (cell_id);

CREATE INDEX ix_meeting_month ON meeting (month);

CREATE INDEX ix_meeting_starts_at ON meeting (starts_at);

CREATE TABLE minutes (
  meeting_id VARCHAR(36) NOT NULL,
  approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  approved_by VARCHAR(36) NOT NULL,
  data BYTEA NOT NULL,
  printed VARCHAR(64) NOT NULL,
  pdf VARCHAR(64) NOT NULL,
  PRIMARY KEY (meeting_id)
);

CREATE TABLE minutes_signature (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  role VARCHAR(20) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  fingerprint VARCHAR(64) NOT NULL,
  pdf VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_minutes_signature_role UNIQUE (meeting_id, role)
);

CREATE TABLE minutes_text (
  meeting_id VARCHAR(36) NOT NULL,
  item_id VARCHAR(36) NOT NULL,
  words TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (meeting_id, item_id)
);

CREATE TABLE motion (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  item_id VARCHAR(36),
  member_id VARCHAR(36) NOT NULL,
  number INTEGER NOT NULL,
  kind VARCHAR(10) NOT NULL,
  against INTEGER,
  words TEXT NOT NULL,
  reason TEXT NOT NULL,
  replaces_id VARCHAR(36),
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_motion_number UNIQUE (meeting_id, number)
);

CREATE TABLE motion_step (
  id VARCHAR(36) NOT NULL,
  motion_id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  state VARCHAR(10) NOT NULL,
  vote_id VARCHAR(36),
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_motion_step_sequence UNIQUE (motion_id, sequence)
);

CREATE INDEX ix_motion_step_meeting_id ON motion_step (meeting_id);

CREATE TABLE nomination (
  id VARCHAR(36) NOT NULL,
  election_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  step VARCHAR(12) NOT NULL,
  in_favour INTEGER NOT NULL,
  present INTEGER NOT NULL,
  nominator_id VARCHAR(36),
  on_roll INTEGER,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_nomination_sequence UNIQUE (election_id, sequence)
);

CREATE TABLE notice (
  key VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  subject_id VARCHAR(36) NOT NULL,
  to_id VARCHAR(36) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  text TEXT NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE,
  tries INTEGER NOT NULL,
  read_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (key),
  CONSTRAINT ck_notice_kind CHECK (kind IN ('convocation', 'moved', 'cancelled', 'reminder', 'results_due', 'results_late', 'results_above'))
);

CREATE INDEX ix_notice_subject_id ON notice (subject_id);

CREATE INDEX ix_notice_to_id ON notice (to_id);

CREATE TABLE opening_block (
  meeting_id VARCHAR(36) NOT NULL,
  fee_paid INTEGER NOT NULL,
  fee_of INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (meeting_id)
);

CREATE TABLE org (
  id VARCHAR(36) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE paper_count (
  id VARCHAR(36) NOT NULL,
  vote_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  issued INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  valid INTEGER NOT NULL,
  invalid INTEGER NOT NULL,
  blank INTEGER NOT NULL,
  lines TEXT NOT NULL,
  board TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_paper_count_sequence UNIQUE (vote_id, sequence)
);

CREATE TABLE paper_signature (
  id VARCHAR(36) NOT NULL,
  paper_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  places INTEGER NOT NULL,
  role VARCHAR(20) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  fingerprint VARCHAR(64) NOT NULL,
  pdf VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_paper_signature_sequence UNIQUE (paper_id, sequence)
);

CREATE TABLE pending_signature (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  paper_id VARCHAR(36) NOT NULL,
  role VARCHAR(20) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  key_id VARCHAR(36),
  certificate BYTEA NOT NULL,
  chain BYTEA NOT NULL,
  kind VARCHAR(200) NOT NULL,
  "over" VARCHAR(64) NOT NULL,
  pdf BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  attributes BYTEA NOT NULL,
  hole_start INTEGER NOT NULL,
  hole_end INTEGER NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_pending_signature_place UNIQUE (meeting_id, paper_id, role)
);

CREATE INDEX ix_pending_signature_expires_at ON pending_signature (expires_at);

CREATE TABLE person (
  id VARCHAR(36) NOT NULL,
  full_name TEXT NOT NULL,
  birth_date DATE,
  card VARCHAR(20),
  phone VARCHAR(20),
  smartphone BOOLEAN NOT NULL,
  official_since DATE,
  account_since TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  CONSTRAINT uq_person_card UNIQUE (card)
);

CREATE TABLE quarter_snapshot (
  id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  quarter VARCHAR(7) NOT NULL,
  report TEXT NOT NULL,
  hash VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_quarter_snapshot_quarter UNIQUE (org_id, quarter)
);

CREATE TABLE raised_hand (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  number INTEGER NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state VARCHAR(10) NOT NULL,
  item_id VARCHAR(36),
  called_at TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  guest BOOLEAN NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_raised_hand_number UNIQUE (meeting_id, number)
);

CREATE UNIQUE INDEX uq_raised_hand_floor ON raised_hand (meeting_id) WHERE state = 'speaking';

CREATE UNIQUE INDEX uq_raised_hand_up ON raised_hand (meeting_id, member_id) WHERE state IN ('waiting', 'speaking');

CREATE TABLE read_out (
  meeting_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  told_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (meeting_id)
);

CREATE TABLE removal (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  lifted_at TIMESTAMP WITH TIME ZONE,
  reason TEXT NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_removal_meeting_id ON removal (meeting_id);

CREATE TABLE reserved_opinion (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  vote_id VARCHAR(36),
  item_id VARCHAR(36),
  member_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  words TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_reserved_opinion_sequence UNIQUE (meeting_id, member_id, sequence)
);

CREATE TABLE revocation_list (
  id VARCHAR(36) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  until TIMESTAMP WITH TIME ZONE NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_revocation_list_made_at ON revocation_list (made_at);

CREATE TABLE roll (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  body_hash VARCHAR(64) NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  pass_id VARCHAR(36),
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  marks INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  confirmed BOOLEAN NOT NULL,
  in_hall INTEGER NOT NULL,
  head_count INTEGER,
  PRIMARY KEY (id)
);

CREATE INDEX ix_roll_meeting_id ON roll (meeting_id);

CREATE TABLE room (
  meeting_id VARCHAR(36) NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (meeting_id)
);

CREATE TABLE score_criteria (
  id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  org_name TEXT NOT NULL,
  valid_from DATE NOT NULL,
  citation TEXT NOT NULL,
  lines TEXT NOT NULL,
  ranks TEXT NOT NULL,
  set_by_id VARCHAR(36) NOT NULL,
  set_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_score_criteria_day UNIQUE (org_id, valid_from)
);

CREATE TABLE secret_ballot (
  vote_id VARCHAR(36) NOT NULL,
  serial VARCHAR(64) NOT NULL,
  prefix VARCHAR(64) NOT NULL,
  signature VARCHAR(512) NOT NULL,
  mark VARCHAR(1) NOT NULL,
  PRIMARY KEY (vote_id, serial),
  CONSTRAINT ck_secret_ballot_mark CHECK (mark IN ('f', 'a', 'n'))
);

CREATE TABLE secret_question (
  vote_id VARCHAR(36) NOT NULL,
  phase VARCHAR(12) NOT NULL,
  modulus VARCHAR(512) NOT NULL,
  key_hash VARCHAR(64) NOT NULL,
  private_key BYTEA,
  PRIMARY KEY (vote_id),
  CONSTRAINT ck_secret_question_phase CHECK (phase IN ('issuing', 'casting', 'closed', 'set_aside'))
);

CREATE TABLE secret_voter (
  vote_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (vote_id, member_id)
);

CREATE TABLE series (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  since DATE NOT NULL,
  until DATE,
  day_of_month INTEGER NOT NULL,
  local_time VARCHAR(5) NOT NULL,
  place TEXT NOT NULL,
  rollover VARCHAR(20) NOT NULL,
  kind VARCHAR(30) NOT NULL,
  mode VARCHAR(12) NOT NULL,
  planned_minutes INTEGER NOT NULL,
  minimum_minutes INTEGER NOT NULL,
  zone VARCHAR(60) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_series_since UNIQUE (cell_id, since),
  CONSTRAINT ck_series_span CHECK (until IS NULL OR until >= since),
  CONSTRAINT ck_series_day CHECK (day_of_month BETWEEN 1 AND 31)
);

CREATE INDEX ix_series_cell_id ON series (cell_id);

CREATE TABLE shared_phone (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  members TEXT NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_shared_phone_meeting_id ON shared_phone (meeting_id);

CREATE TABLE signing_code (
  digest VARCHAR(64) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  role VARCHAR(20) NOT NULL,
  paper_id VARCHAR(36),
  person_id VARCHAR(36) NOT NULL,
  session_id VARCHAR(36) NOT NULL,
  pending_id VARCHAR(36),
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (digest)
);

CREATE INDEX ix_signing_code_expires_at ON signing_code (expires_at);

CREATE TABLE signing_key (
  id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  home VARCHAR(20) NOT NULL,
  wrapped BYTEA,
  certificate BYTEA NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id)
);

CREATE INDEX ix_signing_key_person_id ON signing_key (person_id);

CREATE TABLE sitting_score (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  lines TEXT NOT NULL,
  total INTEGER NOT NULL,
  rank TEXT NOT NULL,
  citation TEXT NOT NULL,
  set_by_name TEXT NOT NULL,
  certainty VARCHAR(20) NOT NULL,
  ranks TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_sitting_score_sequence UNIQUE (meeting_id, sequence)
);

CREATE TABLE stored_file (
  sha256 VARCHAR(64) NOT NULL,
  content BYTEA NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (sha256)
);

CREATE TABLE task (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  item_id VARCHAR(36),
  member_id VARCHAR(36) NOT NULL,
  title TEXT NOT NULL,
  due DATE NOT NULL,
  practice BOOLEAN NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_task_cell_id ON task (cell_id);

CREATE INDEX ix_task_meeting_id ON task (meeting_id);

CREATE TABLE task_report (
  id VARCHAR(36) NOT NULL,
  task_id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  outcome VARCHAR(10) NOT NULL,
  due DATE,
  note TEXT NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_task_report_sequence UNIQUE (task_id, sequence)
);

CREATE INDEX ix_task_report_meeting_id ON task_report (meeting_id);

CREATE TABLE vote (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  item_id VARCHAR(36),
  question TEXT NOT NULL,
  kind VARCHAR(30) NOT NULL,
  form VARCHAR(16) NOT NULL,
  standing VARCHAR(12) NOT NULL,
  zone VARCHAR(60) NOT NULL,
  state VARCHAR(12) NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE,
  deadline TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
  base TEXT NOT NULL,
  figures TEXT NOT NULL,
  slate TEXT,
  person TEXT,
  result TEXT,
  PRIMARY KEY (id),
  CONSTRAINT ck_vote_state CHECK (state IN ('prepared', 'open', 'closed'))
);

CREATE INDEX ix_vote_meeting_id ON vote (meeting_id);

CREATE TABLE voter (
  vote_id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  in_hall INTEGER NOT NULL,
  PRIMARY KEY (vote_id, person_id)
);

CREATE TABLE convocation (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  edition INTEGER NOT NULL,
  how VARCHAR(12),
  left_out_reason TEXT,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_convocation_edition UNIQUE (meeting_id, member_id, edition),
  CONSTRAINT ck_convocation_how CHECK (how IS NULL OR how IN ('zalo_text', 'letter', 'phone_call', 'in_person', 'app')),
  CONSTRAINT ck_convocation_either CHECK ((how IS NULL) <> (left_out_reason IS NULL)),
  CONSTRAINT fk_convocation_meeting FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);

CREATE INDEX ix_convocation_meeting_id ON convocation (meeting_id);

CREATE TABLE invitation (
  id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  handed VARCHAR(10) NOT NULL,
  made_by VARCHAR(36) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  browser VARCHAR(64),
  revoked_at TIMESTAMP WITH TIME ZONE,
  wrong_years INTEGER NOT NULL,
  code VARCHAR(64),
  PRIMARY KEY (id),
  CONSTRAINT uq_invitation_token UNIQUE (token_hash),
  CONSTRAINT ck_invitation_handed CHECK (handed IN ('paper', 'message', 'code', 'browser', 'passkey', 'outside')),
  CONSTRAINT fk_invitation_person FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_invitation_org FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_invitation_code ON invitation (code);

CREATE INDEX ix_invitation_person_id ON invitation (person_id);

CREATE TABLE mandate (
  id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  role VARCHAR(20) NOT NULL,
  since DATE NOT NULL,
  until DATE,
  paper TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_mandate_since UNIQUE (person_id, org_id, role, since),
  CONSTRAINT ck_mandate_role CHECK (role IN ('secretary', 'deputy', 'committee_member', 'overseer', 'auditor', 'administrator')),
  CONSTRAINT fk_mandate_person FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_mandate_org FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_mandate_org_id ON mandate (org_id);

CREATE INDEX ix_mandate_person_id ON mandate (person_id);

CREATE TABLE meeting_part (
  meeting_id VARCHAR(36) NOT NULL,
  part VARCHAR(10) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (meeting_id, part),
  CONSTRAINT ck_meeting_part_part CHECK (part IN ('chair', 'recorder')),
  CONSTRAINT fk_meeting_part_meeting FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);

CREATE TABLE membership (
  id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  since DATE NOT NULL,
  until DATE,
  leaving VARCHAR(20),
  leaving_paper TEXT,
  PRIMARY KEY (id),
  CONSTRAINT uq_membership_since UNIQUE (person_id, cell_id, since),
  CONSTRAINT ck_membership_span CHECK (until IS NULL OR until >= since),
  CONSTRAINT ck_membership_leaving CHECK (leaving IS NULL OR leaving IN ('died', 'transferred', 'temporary_over', 'expelled', 'struck_off', 'resigned')),
  CONSTRAINT ck_membership_left CHECK (leaving IS NULL OR until IS NOT NULL),
  CONSTRAINT fk_membership_person FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_membership_cell FOREIGN KEY(cell_id) REFERENCES org (id)
);

CREATE INDEX ix_membership_cell_id ON membership (cell_id);

CREATE INDEX ix_membership_person_id ON membership (person_id);

CREATE TABLE month_decision (
  id VARCHAR(36) NOT NULL,
  cell_id VARCHAR(36) NOT NULL,
  month VARCHAR(7) NOT NULL,
  number TEXT NOT NULL,
  issued_on DATE NOT NULL,
  issuer TEXT NOT NULL,
  reason TEXT NOT NULL,
  lifts_month BOOLEAN NOT NULL,
  scan_sha256 VARCHAR(64),
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_month_decision_paper UNIQUE (cell_id, month, number, issued_on),
  CONSTRAINT fk_month_decision_scan FOREIGN KEY(scan_sha256) REFERENCES stored_file (sha256)
);

CREATE TABLE obligation (
  cell_id VARCHAR(36) NOT NULL,
  month VARCHAR(7) NOT NULL,
  fulfilled_by VARCHAR(36),
  fulfils INTEGER NOT NULL,
  PRIMARY KEY (cell_id, month),
  CONSTRAINT ck_obligation_fulfils CHECK (fulfils = 1),
  CONSTRAINT uq_obligation_fulfilled_by UNIQUE (fulfilled_by),
  CONSTRAINT fk_obligation_meeting FOREIGN KEY(fulfilled_by, cell_id, month, fulfils) REFERENCES meeting (id, cell_id, month, fulfils)
);

CREATE TABLE offline_record (
  meeting_id VARCHAR(36) NOT NULL,
  id VARCHAR(36) NOT NULL,
  body_hash VARCHAR(64) NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  differences INTEGER NOT NULL,
  PRIMARY KEY (meeting_id),
  CONSTRAINT fk_offline_record_meeting FOREIGN KEY(meeting_id) REFERENCES meeting (id),
  CONSTRAINT uq_offline_record_id UNIQUE (id)
);

CREATE TABLE org_version (
  id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  name TEXT NOT NULL,
  kind VARCHAR(20) NOT NULL,
  cell_type VARCHAR(20),
  parent_id VARCHAR(36),
  code VARCHAR(40),
  zone VARCHAR(60) NOT NULL,
  since DATE NOT NULL,
  paper TEXT NOT NULL,
  until DATE,
  merged_into_id VARCHAR(36),
  PRIMARY KEY (id),
  CONSTRAINT uq_org_version_since UNIQUE (org_id, since),
  CONSTRAINT ck_org_version_kind CHECK (kind IN ('central', 'province', 'agency_bloc', 'commune', 'base', 'sub_base', 'cell', 'group')),
  CONSTRAINT ck_org_version_cell_type CHECK (cell_type IN ('residential', 'agency', 'public_service', 'enterprise', 'students', 'armed_forces')),
  CONSTRAINT ck_org_version_typed_cell CHECK ((kind = 'cell') = (cell_type IS NOT NULL)),
  CONSTRAINT ck_org_version_span CHECK (until IS NULL OR until >= since),
  CONSTRAINT ck_org_version_parent CHECK (parent_id IS NULL OR parent_id <> org_id),
  CONSTRAINT fk_org_version_org FOREIGN KEY(org_id) REFERENCES org (id),
  CONSTRAINT fk_org_version_parent FOREIGN KEY(parent_id) REFERENCES org (id),
  CONSTRAINT fk_org_version_successor FOREIGN KEY(merged_into_id) REFERENCES org (id)
);

CREATE INDEX ix_org_version_code ON org_version (code);

CREATE INDEX ix_org_version_org_id ON org_version (org_id);

CREATE INDEX ix_org_version_parent_id ON org_version (parent_id);

CREATE TABLE outside_account (
  id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  issuer TEXT NOT NULL,
  subject VARCHAR(255) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  CONSTRAINT uq_outside_account_subject UNIQUE (issuer, subject),
  CONSTRAINT fk_outside_account_person FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_outside_account_org FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_outside_account_person_id ON outside_account (person_id);

CREATE TABLE paper_entry (
  meeting_id VARCHAR(36) NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  photo_sha256 VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (meeting_id),
  CONSTRAINT fk_paper_entry_meeting FOREIGN KEY(meeting_id) REFERENCES meeting (id),
  CONSTRAINT fk_paper_entry_photo FOREIGN KEY(photo_sha256) REFERENCES stored_file (sha256)
);

CREATE TABLE pass_revocation (
  id VARCHAR(36) NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_pass_revocation_pass FOREIGN KEY(id) REFERENCES helper_pass (id)
);

CREATE TABLE passkey (
  id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  credential TEXT NOT NULL,
  public_key TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  host VARCHAR(253) NOT NULL,
  label VARCHAR(200) NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  revoked_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  CONSTRAINT uq_passkey_credential UNIQUE (credential),
  CONSTRAINT fk_passkey_person FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_passkey_org FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_passkey_person_id ON passkey (person_id);

CREATE TABLE policy (
  id VARCHAR(36) NOT NULL,
  org_id VARCHAR(36) NOT NULL,
  org_name TEXT NOT NULL,
  key VARCHAR(40) NOT NULL,
  value VARCHAR(40) NOT NULL,
  valid_from DATE NOT NULL,
  citation TEXT NOT NULL,
  set_by_id VARCHAR(36) NOT NULL,
  set_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_policy_day UNIQUE (org_id, key, valid_from),
  CONSTRAINT ck_policy_key CHECK (key IN ('minimum_minutes', 'minimum_minutes_combined', 'hall_minimum', 'reporting_deadline', 'results_deadline', 'attendance_standard', 'removal_share', 'assessment_share', 'rating_form', 'member_base', 'exempt_vote', 'secret_device')),
  CONSTRAINT fk_policy_org FOREIGN KEY(org_id) REFERENCES org (id)
);

CREATE INDEX ix_policy_org_id ON policy (org_id);

CREATE TABLE restatement (
  id VARCHAR(36) NOT NULL,
  meeting_id VARCHAR(36) NOT NULL,
  what TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  by_id VARCHAR(36) NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_restatement_meeting FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);

CREATE INDEX ix_restatement_meeting_id ON restatement (meeting_id);

CREATE TABLE secret_token (
  vote_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  blinded VARCHAR(512) NOT NULL,
  signed VARCHAR(512) NOT NULL,
  PRIMARY KEY (vote_id, member_id),
  CONSTRAINT fk_secret_token_voter FOREIGN KEY(vote_id, member_id) REFERENCES secret_voter (vote_id, member_id)
);

CREATE TABLE thematic_obligation (
  cell_id VARCHAR(36) NOT NULL,
  quarter VARCHAR(7) NOT NULL,
  fulfilled_by VARCHAR(36),
  fulfils_theme INTEGER NOT NULL,
  PRIMARY KEY (cell_id, quarter),
  CONSTRAINT ck_thematic_obligation_fulfils CHECK (fulfils_theme = 1),
  CONSTRAINT uq_thematic_obligation_fulfilled_by UNIQUE (fulfilled_by),
  CONSTRAINT fk_thematic_obligation_meeting FOREIGN KEY(fulfilled_by, cell_id, quarter, fulfils_theme) REFERENCES meeting (id, cell_id, quarter, fulfils_theme)
);

CREATE TABLE browser_session (
  id VARCHAR(36) NOT NULL,
  person_id VARCHAR(36) NOT NULL,
  invitation_id VARCHAR(36),
  token_hash VARCHAR(64) NOT NULL,
  label TEXT NOT NULL,
  bound_at TIMESTAMP WITH TIME ZONE NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  CONSTRAINT uq_browser_session_token UNIQUE (token_hash),
  CONSTRAINT fk_browser_session_person FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_browser_session_invitation FOREIGN KEY(invitation_id) REFERENCES invitation (id)
);

CREATE INDEX ix_browser_session_person_id ON browser_session (person_id);

CREATE TABLE category_span (
  id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  category VARCHAR(20) NOT NULL,
  official BOOLEAN NOT NULL,
  since DATE NOT NULL,
  until DATE,
  paper TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_category_span_since UNIQUE (member_id, since),
  CONSTRAINT ck_category_span_category CHECK (category IN ('official', 'probationary', 'temporary_arrived', 'temporary_away', 'exempt', 'suspended')),
  CONSTRAINT ck_category_span_span CHECK (until IS NULL OR until >= since),
  CONSTRAINT fk_category_span_member FOREIGN KEY(member_id) REFERENCES membership (id)
);

CREATE TABLE roster_entry (
  meeting_id VARCHAR(36) NOT NULL,
  member_id VARCHAR(36) NOT NULL,
  sequence INTEGER NOT NULL,
  category VARCHAR(20),
  official BOOLEAN,
  reason TEXT,
  by_id VARCHAR(36),
  at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (meeting_id, member_id, sequence),
  CONSTRAINT ck_roster_entry_category CHECK (category IS NULL OR category IN ('official', 'probationary', 'temporary_arrived', 'temporary_away', 'exempt', 'suspended')),
  CONSTRAINT ck_roster_entry_counts CHECK ((category IS NULL) = (official IS NULL)),
  CONSTRAINT ck_roster_entry_kept CHECK (sequence > 0 OR category IS NOT NULL),
  CONSTRAINT ck_roster_entry_said CHECK ((sequence > 0) = (reason IS NOT NULL AND by_id IS NOT NULL AND at IS NOT NULL)),
  CONSTRAINT fk_roster_entry_meeting FOREIGN KEY(meeting_id) REFERENCES meeting (id),
  CONSTRAINT fk_roster_entry_member FOREIGN KEY(member_id) REFERENCES membership (id)
);
