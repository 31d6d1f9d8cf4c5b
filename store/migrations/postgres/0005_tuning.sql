-- Hot rows are rewritten in place while there is room in their page: leave some.
ALTER TABLE sale_window SET (fillfactor = 10);
ALTER TABLE allowance SET (fillfactor = 80);
ALTER TABLE purchase SET (fillfactor = 60);
ALTER TABLE notice_count SET (fillfactor = 50);
-- Numbers for nodes, so that ids made on several nodes never meet.
CREATE SEQUENCE node_number;
