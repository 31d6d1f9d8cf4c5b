-- Once a second each node asks who was let in since, at whatever node.
CREATE INDEX admission_admitted ON admission (window_id, admitted_at);
