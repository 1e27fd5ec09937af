// Package notify carries events from the outbox to people. A Dispatcher runs
// one worker a receiver; a Notifier of the receiver's kind makes one attempt
// at a time; the error it returns is the verdict on the delivery.
package notify
