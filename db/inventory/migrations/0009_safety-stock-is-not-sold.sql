-- What a setting said moves to the level, where whoever sells finds it.
UPDATE "inventory"."level" SET "safety_stock" = "setting"."safety_stock"
FROM "inventory"."setting" WHERE "setting"."sku_id" = "level"."sku_id" AND "setting"."safety_stock" > 0;
--> statement-breakpoint
-- As it was, but for the pieces that are not sold.
-- Decides many reserves in the order in which they came, and makes the holds that fit, in one call.
-- Each ask is a hold's id and how many lines it has; the lines of all asks follow each other, each with the place of
-- its SKU among asked_skus, which are distinct, as are the holds. Of every ask it says: made; short, with what there
-- was for each of its lines, null where there is no level; alone, where a hold stands under its id already.
-- Locks are taken in the order that all keep: turns of holds, then levels by SKU. What cannot fit by what is seen
-- without a lock takes none. A lock that is not had in a second fails the call: then each ask is tried by itself.
-- The settings keep a plan that was made while a table was small from reading all of it when it has grown.
CREATE OR REPLACE FUNCTION "inventory"."reserve_together"(
	asked_holds text[], asked_counts int[], line_places int[], line_pieces int[], asked_skus text[], hold_ms bigint, asked_by text
) RETURNS TABLE (made_until timestamptz, verdicts text[], line_stock bigint[])
LANGUAGE plpgsql
SET lock_timeout = '1s'
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
	seen bigint[];
	stock bigint[];
	taken bigint[] := array_fill(0::bigint, ARRAY[cardinality(asked_skus)]);
	is_wanted boolean[] := array_fill(false, ARRAY[cardinality(asked_skus)]);
	is_hopeful boolean[] := array_fill(false, ARRAY[cardinality(asked_holds)]);
	is_known boolean[];
	hopeful_holds text[] := '{}';
	made_holds text[] := '{}';
	made_firsts int[] := '{}';
	made_lasts int[] := '{}';
	moved_holds text[] := '{}';
	moved_skus text[] := '{}';
	moved_pieces int[] := '{}';
	first_line int;
	last_line int := 0;
	fits boolean;
	fresh record;
	moved_count bigint;
BEGIN
	made_until := now() + hold_ms * interval '1 ms';
	verdicts := array_fill('short'::text, ARRAY[cardinality(asked_holds)]);
	line_stock := array_fill(NULL::bigint, ARRAY[cardinality(line_places)]);

	seen := ARRAY(
		SELECT (SELECT greatest(on_hand - held - sold - safety_stock, 0) FROM inventory.level WHERE level.sku_id = asked.sku_id)
		FROM unnest(asked_skus) WITH ORDINALITY AS asked(sku_id, place) ORDER BY place
	);
	stock := seen;

	FOR ask IN 1 .. cardinality(asked_holds) LOOP
		first_line := last_line + 1;
		last_line := last_line + asked_counts[ask];
		fits := true;
		FOR line IN first_line .. last_line LOOP
			fits := fits AND coalesce(seen[line_places[line]] >= line_pieces[line], false);
		END LOOP;
		IF fits THEN
			is_hopeful[ask] := true;
			hopeful_holds := hopeful_holds || asked_holds[ask];
			FOR line IN first_line .. last_line LOOP
				is_wanted[line_places[line]] := true;
			END LOOP;
		END IF;
	END LOOP;

	IF cardinality(hopeful_holds) > 0 THEN
		PERFORM pg_advisory_xact_lock(turn) FROM (
			SELECT DISTINCT hashtextextended(part.hold_id, 0) AS turn
			FROM unnest(hopeful_holds) AS part(hold_id) ORDER BY turn
		) AS sorted;
		FOR fresh IN
			SELECT asked.place, now_there.available
			FROM (
				SELECT part.sku_id, part.place::int AS place
				FROM unnest(asked_skus, is_wanted) WITH ORDINALITY AS part(sku_id, is_wanted, place)
				WHERE part.is_wanted ORDER BY part.sku_id
			) AS asked, LATERAL (
				SELECT greatest(on_hand - held - sold - safety_stock, 0) AS available
				FROM inventory.level WHERE level.sku_id = asked.sku_id FOR NO KEY UPDATE
			) AS now_there
		LOOP
			stock[fresh.place] := fresh.available;
		END LOOP;
	END IF;

	-- Under the turns: whoever made or undid one of these holds has been heard.
	is_known := ARRAY(
		SELECT (SELECT true FROM inventory.hold WHERE hold.hold_id = asked.hold_id)
		FROM unnest(asked_holds) WITH ORDINALITY AS asked(hold_id, place) ORDER BY place
	);

	last_line := 0;
	FOR ask IN 1 .. cardinality(asked_holds) LOOP
		first_line := last_line + 1;
		last_line := last_line + asked_counts[ask];
		IF is_known[ask] THEN
			verdicts[ask] := 'alone';
			CONTINUE;
		END IF;
		fits := is_hopeful[ask];
		IF fits THEN
			FOR line IN first_line .. last_line LOOP
				fits := fits AND coalesce(stock[line_places[line]] >= line_pieces[line], false);
			END LOOP;
		END IF;
		IF NOT fits THEN
			FOR line IN first_line .. last_line LOOP
				line_stock[line] := CASE WHEN is_hopeful[ask] THEN stock[line_places[line]] ELSE seen[line_places[line]] END;
			END LOOP;
			CONTINUE;
		END IF;
		verdicts[ask] := 'made';
		made_holds := made_holds || asked_holds[ask];
		made_firsts := made_firsts || cardinality(moved_holds) + 1;
		FOR line IN first_line .. last_line LOOP
			stock[line_places[line]] := stock[line_places[line]] - line_pieces[line];
			taken[line_places[line]] := taken[line_places[line]] + line_pieces[line];
			moved_holds := moved_holds || asked_holds[ask];
			moved_skus := moved_skus || asked_skus[line_places[line]];
			moved_pieces := moved_pieces || line_pieces[line];
		END LOOP;
		made_lasts := made_lasts || cardinality(moved_holds);
	END LOOP;

	IF cardinality(made_holds) > 0 THEN
		UPDATE inventory.level SET held = level.held + part.taken
		FROM unnest(asked_skus, taken) AS part(sku_id, taken)
		WHERE level.sku_id = part.sku_id AND part.taken > 0;
		GET DIAGNOSTICS moved_count = ROW_COUNT;
		IF moved_count <> (SELECT count(*) FROM unnest(taken) AS part(taken) WHERE part.taken > 0) THEN
			RAISE EXCEPTION 'a level that was locked did not move';
		END IF;
		INSERT INTO inventory.hold (hold_id, sku_ids, pieces, state, expires_at, held_at)
		SELECT part.hold_id, moved_skus[part.first_line:part.last_line], moved_pieces[part.first_line:part.last_line],
			'held', made_until, now()
		FROM unnest(made_holds, made_firsts, made_lasts) AS part(hold_id, first_line, last_line);
		INSERT INTO inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
		SELECT part.hold_id, part.sku_id, 'reserve', 0, part.pieces, 0, asked_by
		FROM unnest(moved_holds, moved_skus, moved_pieces) AS part(hold_id, sku_id, pieces);
	END IF;
	RETURN NEXT;
END
$$;
