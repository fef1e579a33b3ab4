package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/template"
)

var language = parser.NewParser(parser.Options{})

var engine = promql.NewEngine(promql.EngineOpts{
	MaxSamples:           1_000_000,
	Timeout:              time.Minute,
	LookbackDelta:        5 * time.Minute,
	EnableAtModifier:     true,
	EnableNegativeOffset: true,
	Parser:               language,
})

type alert struct {
	labels      map[string]string
	annotations map[string]string
	activeAt    time.Time
}

// Rules over series: what is recorded becomes series, and alerts are remembered from one evaluation to the next.
type evaluation struct {
	series *memory
	// By the name of the alert, and by its labels.
	active map[string]map[string]alert
	// What was recorded last, by its rule and its labels.
	recorded map[string]map[string]labels.Labels
}

func (e *evaluation) query(ctx context.Context, text string, at time.Time) (promql.Vector, error) {
	query, err := engine.NewInstantQuery(ctx, e.series, nil, text, at)
	if err != nil {
		return nil, err
	}
	defer query.Close()
	result := query.Exec(ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	switch value := result.Value.(type) {
	case promql.Vector:
		return append(promql.Vector(nil), value...), nil
	case promql.Scalar:
		return promql.Vector{{T: value.T, F: value.V}}, nil
	default:
		return nil, fmt.Errorf("%s is a %s, which no rule can use", text, value.Type())
	}
}

func (e *evaluation) evaluate(rule rulefmt.Rule, at time.Time) error {
	found, err := e.query(context.Background(), rule.Expr, at)
	if err != nil {
		return err
	}
	if rule.Record != "" {
		e.record(rule, found, at)
		return nil
	}
	before, now := e.active[rule.Alert], map[string]alert{}
	for _, one := range found {
		raised, err := e.raise(rule, one, at)
		if err != nil {
			return err
		}
		id := labels.FromMap(raised.labels).String()
		if known, ok := before[id]; ok {
			raised.activeAt = known.activeAt
		}
		now[id] = raised
	}
	e.active[rule.Alert] = now
	return nil
}

// What is not found any more ends at once, as in Prometheus, and not when its last value is too old.
func (e *evaluation) record(rule rulefmt.Rule, found promql.Vector, at time.Time) {
	id := rule.Record + " " + rule.Expr
	before, now := e.recorded[id], map[string]labels.Labels{}
	for _, one := range found {
		builder := labels.NewBuilder(one.Metric).Set(labels.MetricName, rule.Record)
		for name, text := range rule.Labels {
			builder.Set(name, text)
		}
		lset := builder.Labels()
		e.series.add(lset, at, one.F)
		now[lset.String()] = lset
	}
	for name, lset := range before {
		if _, ok := now[name]; !ok {
			e.series.add(lset, at, math.Float64frombits(value.StaleNaN))
		}
	}
	e.recorded[id] = now
}

// The labels of the series and of the rule, without the name of the metric.
func (e *evaluation) raise(rule rulefmt.Rule, found promql.Sample, at time.Time) (alert, error) {
	own := found.Metric.Map()
	raised := alert{labels: map[string]string{}, annotations: map[string]string{}, activeAt: at}
	for name, value := range own {
		if name != labels.MetricName {
			raised.labels[name] = value
		}
	}
	data := template.AlertTemplateData(own, nil, "", found)
	for _, part := range []struct{ from, to map[string]string }{{rule.Labels, raised.labels}, {rule.Annotations, raised.annotations}} {
		for name, text := range part.from {
			value, err := e.expand(rule.Alert, text, data, at)
			if err != nil {
				return alert{}, err
			}
			part.to[name] = value
		}
	}
	raised.labels[labels.AlertName] = rule.Alert
	return raised, nil
}

func (e *evaluation) expand(name, text string, data any, at time.Time) (string, error) {
	variables := "{{$labels := .Labels}}{{$value := .Value}}"
	options := []string{"missingkey=error"}
	expander := template.NewTemplateExpander(context.Background(), variables+text, name, data, model.TimeFromUnixNano(at.UnixNano()), e.query, nil, options)
	expanded, err := expander.Expand()
	return strings.TrimSpace(expanded), err
}

// Those that have been active for as long as their rule wants.
func (e *evaluation) firing(rule rulefmt.Rule, at time.Time) []alert {
	firing := []alert{}
	for _, one := range e.active[rule.Alert] {
		if at.Sub(one.activeAt) >= time.Duration(rule.For) {
			firing = append(firing, one)
		}
	}
	return firing
}
