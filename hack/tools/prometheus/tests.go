package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"go.yaml.in/yaml/v3"
)

// The part of promtool's format that our tests use; anything else in a file is an error.
type testsOfFile struct {
	RuleFiles          []string       `yaml:"rule_files"`
	EvaluationInterval model.Duration `yaml:"evaluation_interval"`
	Tests              []test         `yaml:"tests"`
}

type test struct {
	Name     string         `yaml:"name"`
	Interval model.Duration `yaml:"interval"`
	Series   []struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	} `yaml:"input_series"`
	Alerts []alertTest `yaml:"alert_rule_test"`
	Values []valueTest `yaml:"promql_expr_test"`
}

type alertTest struct {
	At       model.Duration `yaml:"eval_time"`
	Name     string         `yaml:"alertname"`
	Expected []struct {
		Labels      map[string]string `yaml:"exp_labels"`
		Annotations map[string]string `yaml:"exp_annotations"`
	} `yaml:"exp_alerts"`
}

type valueTest struct {
	Expr     string         `yaml:"expr"`
	At       model.Duration `yaml:"eval_time"`
	Expected []struct {
		Labels string  `yaml:"labels"`
		Value  float64 `yaml:"value"`
	} `yaml:"exp_samples"`
}

// `some`: not every alert has to fire in a test.
func testFile(file string, some bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	tests := testsOfFile{EvaluationInterval: model.Duration(time.Minute)}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&tests); err != nil {
		return err
	}
	rules, err := rulesOf(tests.RuleFiles, filepath.Dir(file))
	if err != nil {
		return err
	}
	tested := map[string]bool{}
	for _, one := range tests.Tests {
		fired, wrong := one.run(rules, time.Duration(tests.EvaluationInterval))
		err = errors.Join(err, wrong)
		for _, name := range fired {
			tested[name] = true
		}
	}
	for _, rule := range rules {
		if !some && rule.Alert != "" && !tested[rule.Alert] {
			err = errors.Join(err, fmt.Errorf("no test expects alert %s to fire", rule.Alert))
		}
	}
	return err
}

func rulesOf(files []string, folder string) ([]rulefmt.Rule, error) {
	var all []rulefmt.Rule
	for _, file := range files {
		groups, faults := rulefmt.ParseFile(filepath.Join(folder, file), false, model.UTF8Validation, language, slog.New(slog.DiscardHandler))
		if len(faults) > 0 {
			return nil, errors.Join(faults...)
		}
		for _, group := range groups.Groups {
			all = append(all, group.Rules...)
		}
	}
	return all, nil
}

// Gives the alerts that were expected to fire.
func (t test) run(rules []rulefmt.Rule, every time.Duration) (fired []string, wrong error) {
	series, err := t.load(every)
	if err != nil {
		return nil, err
	}
	state := &evaluation{series, map[string]map[string]alert{}, map[string]map[string]labels.Labels{}}
	var end time.Duration
	for _, one := range t.Alerts {
		end = max(end, time.Duration(one.At))
	}
	for _, one := range t.Values {
		end = max(end, time.Duration(one.At))
	}
	for since := time.Duration(0); since <= end; since += every {
		at := time.Unix(0, 0).UTC().Add(since)
		for _, rule := range rules {
			if err := state.evaluate(rule, at); err != nil {
				return nil, fmt.Errorf("%s, %s after %s: %w", t.Name, rule.Alert+rule.Record, since, err)
			}
		}
		for _, one := range t.Alerts {
			if time.Duration(one.At) == since {
				wrong = errors.Join(wrong, one.check(t.Name, state, rules, at))
				if len(one.Expected) > 0 {
					fired = append(fired, one.Name)
				}
			}
		}
		for _, one := range t.Values {
			if time.Duration(one.At) == since {
				wrong = errors.Join(wrong, one.check(t.Name, state, at))
			}
		}
	}
	return fired, wrong
}

func (t test) load(every time.Duration) (*memory, error) {
	if t.Interval > 0 {
		every = time.Duration(t.Interval)
	}
	series := &memory{}
	for _, one := range t.Series {
		lset, values, err := language.ParseSeriesDesc(one.Series + " " + one.Values)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
		for index, value := range values {
			if !value.Omitted {
				series.add(lset, time.Unix(0, 0).UTC().Add(time.Duration(index)*every), value.Value)
			}
		}
	}
	return series, nil
}

func (t alertTest) check(test string, state *evaluation, rules []rulefmt.Rule, at time.Time) error {
	expected, found, isKnown := []string{}, []string{}, false
	for _, one := range t.Expected {
		lset := map[string]string{labels.AlertName: t.Name}
		for name, value := range one.Labels {
			lset[name] = value
		}
		expected = append(expected, printed(lset, one.Annotations))
	}
	for _, rule := range rules {
		if rule.Alert != t.Name {
			continue
		}
		isKnown = true
		for _, one := range state.firing(rule, at) {
			found = append(found, printed(one.labels, one.annotations))
		}
	}
	if !isKnown {
		return fmt.Errorf("%s: there is no alert %s", test, t.Name)
	}
	return compared(fmt.Sprintf("%s: alert %s after %s", test, t.Name, t.At), expected, found)
}

func (t valueTest) check(test string, state *evaluation, at time.Time) error {
	result, err := state.query(context.Background(), t.Expr, at)
	if err != nil {
		return err
	}
	expected, found := []string{}, []string{}
	for _, one := range t.Expected {
		lset, _, err := language.ParseSeriesDesc(one.Labels)
		if err != nil {
			return err
		}
		expected = append(expected, fmt.Sprintf("%s %v", lset, one.Value))
	}
	for _, one := range result {
		found = append(found, fmt.Sprintf("%s %v", one.Metric, one.F))
	}
	return compared(fmt.Sprintf("%s: %s after %s", test, t.Expr, t.At), expected, found)
}

func printed(lset, annotations map[string]string) string {
	text, _ := json.Marshal([]map[string]string{lset, annotations})
	return string(text)
}

func compared(what string, expected, found []string) error {
	sort.Strings(expected)
	sort.Strings(found)
	if strings.Join(expected, "\n") == strings.Join(found, "\n") {
		return nil
	}
	return fmt.Errorf("%s\n  expected %s\n  found    %s", what, strings.Join(expected, "\n           "), strings.Join(found, "\n           "))
}
